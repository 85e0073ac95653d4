import { useQuery } from '@tanstack/react-query';
import { SidePanel } from '../../commands';
import { failureOf, orpc } from '../../rpc';
import {
  ExactTime,
  Fact,
  Facts,
  FailureView,
  Mono,
  Note,
  Section,
  TextBlock,
  useFormat,
  Waiting,
} from '../../ui';
import classes from './audit.module.css';

/** The log's signed head, for safekeeping elsewhere, and the keys that seal records. */
export function CheckpointPanel({ onClose }: { onClose(): void }) {
  const checkpoint = useQuery(
    orpc.audit.checkpoint.queryOptions({ staleTime: 0, placeholderData: undefined }),
  );
  return (
    <SidePanel label="Checkpoint" title="Checkpoint" wide onClose={onClose}>
      {checkpoint.isError ? (
        <FailureView
          title="No checkpoint was signed"
          safe="The log is unchanged. Verify it to see what is wrong."
          {...failureOf(checkpoint.error)}
          onRetry={() => void checkpoint.refetch()}
        />
      ) : checkpoint.data ? (
        <Signed {...checkpoint.data} />
      ) : (
        <Waiting />
      )}
    </SidePanel>
  );
}

function Signed(signed: {
  readonly note: string;
  readonly size: number;
  readonly created_at: string;
  readonly verifier_key: string;
  readonly ephemeral: boolean;
}) {
  const format = useFormat();
  const status = useQuery(orpc.system.status.queryOptions());
  const sealing = status.data?.record_hmac;
  return (
    <div className={classes.entry}>
      <Note>
        Keep a copy of this text elsewhere: it shows later whether an earlier entry was changed or removed.
      </Note>
      <Facts>
        <Fact name="Covers">{format.plural(signed.size, 'entry', 'entries')}</Fact>
        <Fact name="Signed">
          <ExactTime iso={signed.created_at} />
        </Fact>
        <Fact name="Key" copy={signed.verifier_key}>
          <Mono>{signed.verifier_key}</Mono>
        </Fact>
        <Fact name="Note" copy={signed.note}>
          copy the whole text
        </Fact>
      </Facts>
      {signed.ephemeral && (
        <p className={classes.warning} role="status">
          Signed with a key held only in memory. Without a keychain, the key is lost when Prompter closes;
          after that, only a checkpoint kept elsewhere can show that nothing was rewritten.
        </p>
      )}
      <TextBlock text={signed.note} label="The checkpoint note" mono />
      {sealing && (
        <Section title="Record HMACs">
          <Note>
            {sealing.key_id === null
              ? 'New records carry no HMAC: no keychain is available to hold a key.'
              : `New records are sealed with the key ${sealing.key_id}.`}
          </Note>
          {sealing.unsealed.map(({ from, to }) => (
            <p key={from} className={classes.muted}>
              Entries {format.count(from)} {to === null ? 'onward' : `to ${format.count(to)}`} have none: no
              lasting keychain was available.
            </p>
          ))}
        </Section>
      )}
    </div>
  );
}
