import {
  IconAlertTriangle,
  IconCloudCheck,
  IconCloudUp,
  IconPlayerPause,
  IconLoader2,
} from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import type { SyncStatus } from '../../../src-shared/contract';
import { CommandButton } from '../../commands';
import { Badge, Fact, Facts, FailureView, Section, useFormat } from '../../ui';
import classes from './sync.module.css';

/** The state of pushing. A failure says what is safe and when the next try is. */
export function StateSection({ status }: { readonly status: SyncStatus }) {
  const format = useFormat();
  return (
    <Section title="State">
      {status.state === 'failing' && <Failing status={status} />}
      {status.state !== 'failing' && status.last_error !== null && (
        <p className={classes.problem} role="alert">
          {status.last_error}
        </p>
      )}
      <Facts>
        <Fact name="Now">
          <Badge {...lookOf(status)} />
          {status.state === 'paused' && (
            <span className={classes.note}>New records wait on this machine until you resume.</span>
          )}
        </Fact>
        <Fact name="Waiting">{format.plural(status.waiting, 'record', 'records')}</Fact>
        <Fact name="Pushed">
          {format.plural(status.pushed, 'record', 'records')} since Prompter was started
        </Fact>
        <Fact
          name="Last push"
          title={status.last_push_at === null ? undefined : format.exactTime(status.last_push_at)}
        >
          {status.last_push_at === null ? 'not yet' : format.when(status.last_push_at)}
        </Fact>
      </Facts>
    </Section>
  );
}

function Failing({ status }: { readonly status: SyncStatus }) {
  const format = useFormat();
  const missing = status.password === 'missing';
  const again =
    status.next_try_at === null
      ? `It is not retried automatically${missing ? '' : ': see Database below'}.`
      : `Next try at ${format.when(status.next_try_at)}, or use “Sync now”.`;
  return (
    <div className={classes.failing}>
      <FailureView
        inline
        title="Nothing can be pushed at the moment"
        code="SYNC_FAILING"
        message={status.last_error ?? 'The team database did not answer.'}
        safe={`Everything is safe in the store on this machine, and you can keep working. ${again}`}
        actions={missing && <CommandButton id="sync.connect">Enter the password…</CommandButton>}
      />
    </div>
  );
}

function lookOf({ state, waiting, set_aside }: SyncStatus): ComponentProps<typeof Badge> {
  switch (state) {
    case 'failing':
      return { tone: 'warn', icon: IconAlertTriangle, text: 'Failing' };
    case 'paused':
      return { tone: 'warn', icon: IconPlayerPause, text: 'Paused' };
    case 'pushing':
      return { tone: 'busy', icon: IconLoader2, text: 'Pushing' };
    case 'waiting':
      return { tone: 'plain', icon: IconCloudUp, text: 'Waiting' };
    case 'idle':
    case 'off':
      if (set_aside > 0) return { tone: 'warn', icon: IconAlertTriangle, text: 'Some records were refused' };
      return waiting > 0
        ? { tone: 'plain', icon: IconCloudUp, text: 'Waiting' }
        : { tone: 'quiet', icon: IconCloudCheck, text: 'Synced' };
  }
}
