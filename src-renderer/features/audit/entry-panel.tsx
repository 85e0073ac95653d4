import { Button } from '@mantine/core';
import { IconAlertOctagon, IconCircleCheck, IconHelpCircle, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { AuditEntryDetail } from '../../../src-shared/contract';
import { SidePanel } from '../../commands';
import { failureOf, orpc } from '../../rpc';
import {
  Badge,
  ExactTime,
  Fact,
  Facts,
  FailureView,
  JsonBlock,
  Mono,
  Note,
  Section,
  useFormat,
  Waiting,
} from '../../ui';
import { addressOf, kindName } from './names';
import classes from './audit.module.css';

const STATES = {
  unchanged: { tone: 'quiet', icon: IconCircleCheck, text: 'Unchanged since it was logged' },
  changed: { tone: 'bad', icon: IconAlertOctagon, text: 'Changed since it was logged' },
  missing: { tone: 'bad', icon: IconAlertOctagon, text: 'No longer in the store' },
  superseded: { tone: 'plain', icon: IconHistory, text: 'Superseded by a later entry' },
} as const;
const HMACS = {
  holds: { tone: 'quiet', icon: IconCircleCheck, text: 'HMAC valid' },
  wrong: { tone: 'bad', icon: IconAlertOctagon, text: 'HMAC mismatch' },
  key_missing: { tone: 'unsure', icon: IconHelpCircle, text: 'HMAC made with another key' },
  none: { tone: 'unsure', icon: IconHelpCircle, text: 'No HMAC: no keychain at the time' },
} as const;

interface EntryPanelProps {
  readonly seq: number;
  onObject(id: string): void;
  onClose(): void;
}

/** One entry: the current record compared with what was logged, and the proof of its inclusion in the signed tree. */
export function EntryPanel({ seq, onObject, onClose }: EntryPanelProps) {
  const format = useFormat();
  const entry = useQuery(orpc.audit.entry.queryOptions({ input: { seq }, placeholderData: undefined }));
  return (
    <SidePanel label="Audit entry" title={`Entry ${format.count(seq)}`} wide onClose={onClose}>
      {entry.isError ? (
        <FailureView
          title="The entry could not be loaded"
          {...failureOf(entry.error)}
          onRetry={() => void entry.refetch()}
        />
      ) : entry.data ? (
        <Entry entry={entry.data} onObject={onObject} />
      ) : (
        <Waiting />
      )}
    </SidePanel>
  );
}

function Entry({ entry, onObject }: { readonly entry: AuditEntryDetail; onObject: (id: string) => void }) {
  const address = addressOf(entry.record_type, entry.record_id);
  return (
    <div className={classes.entry}>
      <div className={classes.badges}>
        <Badge {...STATES[entry.state]} />
        {entry.hmac && <Badge {...HMACS[entry.hmac]} />}
        {!entry.leaf_holds && (
          <Badge tone="bad" icon={IconAlertOctagon} text="The entry itself was changed" />
        )}
      </div>
      <Facts>
        <Fact name="Event">{kindName(entry.record_type)}</Fact>
        <Fact name="When">
          <ExactTime iso={entry.created_at} />
        </Fact>
        <Fact name="Actor">{entry.actor}</Fact>
        <Fact name="Object" copy={entry.record_id}>
          {address === null ? (
            <Mono>{entry.record_id}</Mono>
          ) : (
            <a href={address}>
              <Mono>{entry.record_id}</Mono>
            </a>
          )}
        </Fact>
        {entry.hmac_key_id !== null && (
          <Fact name="HMAC key" copy={entry.hmac_key_id}>
            <Mono>{entry.hmac_key_id}</Mono>
          </Fact>
        )}
        <Fact name="Record hash" copy={entry.content_sha256}>
          <Mono>{entry.content_sha256}</Mono>
        </Fact>
        <Fact name="Leaf hash" copy={entry.leaf_sha256}>
          <Mono>{entry.leaf_sha256}</Mono>
        </Fact>
      </Facts>
      <Button size="xs" variant="default" onClick={() => onObject(entry.record_id)}>
        All entries about this object
      </Button>
      <Section title={entry.state === 'unchanged' ? 'The record' : 'The current record'}>
        {entry.content === null ? (
          <Note>The record is missing or damaged.</Note>
        ) : (
          <JsonBlock value={parsed(entry.content)} label="The record" />
        )}
      </Section>
      <Proof seq={entry.seq} />
    </div>
  );
}

/** Computed on request, because it reads every entry. */
function Proof({ seq }: { readonly seq: number }) {
  const format = useFormat();
  const proof = useQuery(
    orpc.audit.proof.queryOptions({ input: { seq }, enabled: false, placeholderData: undefined }),
  );
  return (
    <Section
      title="Inclusion proof"
      actions={
        <Button size="xs" variant="default" loading={proof.isFetching} onClick={() => void proof.refetch()}>
          {proof.data ? 'Prove again' : 'Prove'}
        </Button>
      }
    >
      {proof.isError && <FailureView inline title="No proof" {...failureOf(proof.error)} />}
      {proof.data?.size === null && (
        <Note>No checkpoint covers this entry yet. Open Checkpoint to sign one.</Note>
      )}
      {proof.data && proof.data.size !== null && (
        <>
          <div className={classes.badges}>
            {proof.data.holds ? (
              <Badge
                tone="quiet"
                icon={IconCircleCheck}
                text={`Included in the signed tree of ${format.plural(proof.data.size, 'entry', 'entries')}`}
              />
            ) : (
              <Badge tone="bad" icon={IconAlertOctagon} text="Does not lead to the signed root" />
            )}
          </div>
          <JsonBlock
            value={{ leaf: proof.data.leaf_sha256, siblings: proof.data.proof, root: proof.data.root }}
            label="The proof"
          />
        </>
      )}
    </Section>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
