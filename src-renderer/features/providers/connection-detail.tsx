import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Connection, ConnectionTest, Provider } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { api, failureOf } from '../../rpc';
import { Fact, Facts, FailureView, Mono, Section, SimulatedBadge, useFormat } from '../../ui';
import { KeyBadge } from './key-badge';
import { ModelList } from './model-list';
import { RemoveDialog, SecretDialog } from './connection-dialogs';
import classes from './providers.module.css';

interface ConnectionDetailProps {
  readonly connection: Connection;
  readonly provider: Provider | undefined;
  /** Just added: it is tested at once, so that a wrong key is known before the first run. */
  readonly isNew: boolean;
}

export function ConnectionDetail({ connection, provider, isNew }: ConnectionDetailProps) {
  const format = useFormat();
  const [dialog, setDialog] = useState<'secret' | 'remove' | null>(null);
  const test = useMutation({
    // Only what the user asks for may be billed: the test after adding lists the models.
    mutationFn: (calls: boolean) => api.connections.test({ connection_id: connection.connection_id, calls }),
  });
  const close = (): void => setDialog(null);
  const { mutate: startTest } = test;
  useEffect(() => {
    if (isNew) startTest(false);
  }, [isNew, startTest]);

  useCommands({
    'connection.test': {
      run: () => test.mutate(true),
      disabled: test.isPending ? 'It is being tested.' : undefined,
    },
    'connection.secret': {
      run: () => setDialog('secret'),
      disabled:
        connection.key_source === 'env'
          ? `Its key comes from ${connection.key_env ?? 'the environment'}.`
          : provider && !provider.needs_key && connection.key_source === 'none'
            ? 'This provider needs no key.'
            : undefined,
    },
    'connection.archive': {
      run: () => setDialog('remove'),
      disabled: provider?.simulated ? 'The practice provider always stays.' : undefined,
    },
  });

  return (
    <>
      <div className={classes.detailHead}>
        <h2>{connection.name}</h2>
        {provider?.simulated && <SimulatedBadge />}
        <div className={classes.detailActions}>
          <CommandButton id="connection.test" variant="filled" loading={test.isPending} showKeys>
            Test
          </CommandButton>
          <CommandButton id="connection.secret">
            {connection.key_source === 'none' ? 'Add key' : 'Replace key'}
          </CommandButton>
          <CommandButton id="connection.archive">Remove</CommandButton>
        </div>
      </div>
      <Facts>
        <Fact name="Provider">
          {provider?.name ?? connection.provider}
          {connection.is_default && <span className={classes.rowNote}>default connection</span>}
        </Fact>
        <Fact name="Address">
          <Mono>{connection.base_url ?? provider?.base_url ?? 'built in'}</Mono>
        </Fact>
        <Fact name="Key">
          <KeyBadge connection={connection} provider={provider} />
        </Fact>
        <Fact name="Concurrency">{format.plural(connection.concurrency, 'call', 'calls')} at once</Fact>
        <Fact name="Id" copy={connection.connection_id}>
          <Mono>{connection.connection_id}</Mono>
        </Fact>
      </Facts>
      <Section title="Test">
        {test.isError ? (
          <FailureView inline title="The test could not be made" {...failureOf(test.error)} />
        ) : test.data ? (
          <TestResult test={test.data} />
        ) : (
          <LastTest connection={connection} />
        )}
      </Section>
      <ModelList connectionId={connection.connection_id} />
      <SecretDialog connection={connection} opened={dialog === 'secret'} onClose={close} />
      <RemoveDialog connection={connection} opened={dialog === 'remove'} onClose={close} />
    </>
  );
}

/** Each step in the words of what happened to it. */
const STEPS = [
  ['network', { done: 'Reached the server', failed: 'Server not reached', open: 'Server not tried' }],
  ['authorised', { done: 'Key accepted', failed: 'Key not accepted', open: 'Key not tried' }],
  ['models', { done: 'Models listed', failed: 'Models not listed', open: 'Models not asked for' }],
] as const;

function TestResult({ test }: { readonly test: ConnectionTest }) {
  const format = useFormat();
  const failedAt = STEPS.findIndex(([step]) => !test.reached.includes(step));
  return (
    <div role="status">
      <ol className={classes.steps}>
        {STEPS.map(([step, words], index) => {
          const done = test.reached.includes(step);
          const failed = !test.ok && index === failedAt;
          const state = done ? 'done' : failed ? 'failed' : 'open';
          return (
            <li key={step} data-state={state}>
              {done ? (
                <IconCircleCheck size={16} aria-hidden />
              ) : failed ? (
                <IconCircleX size={16} aria-hidden />
              ) : (
                <IconCircleDashed size={16} aria-hidden />
              )}
              {words[state]}
              {step === 'models' && done && test.models !== null && (
                <span className={classes.rowNote}>{format.count(test.models)}</span>
              )}
            </li>
          );
        })}
      </ol>
      <p className={test.ok ? classes.rowNote : classes.problem}>
        {test.message} {test.latency_ms !== null && `(${format.duration(test.latency_ms)})`}
      </p>
    </div>
  );
}

function LastTest({ connection }: { readonly connection: Connection }) {
  const format = useFormat();
  if (!connection.last_test_at) {
    return <p className={classes.rowNote}>Not tested yet. A test lists the models and costs nothing.</p>;
  }
  return (
    <p className={connection.last_test_ok ? classes.rowNote : classes.problem}>
      {format.when(connection.last_test_at)}: {connection.last_test_message ?? ''}
    </p>
  );
}
