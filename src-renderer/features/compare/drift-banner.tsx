import { useQuery } from '@tanstack/react-query';
import { isHalted, versionName, type Batch, type BatchDrift } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { orpc } from '../../rpc';
import { Mono, Note, useFormat } from '../../ui';
import { Evidence, StateBadge } from '../versions';
import classes from './drift-banner.module.css';

/** How many changes are shown with evidence: a model that changes with every answer would fill the screen. */
const SHOWN = 2;

/**
 * Whether the halt is due to an undecided version change, which the drift banner explains. Where changes are only
 * recorded, a reason that names a version is about a pin.
 */
export function isDriftReason({ drift, drift_policy, status_reason }: Batch): boolean {
  if (drift_policy === 'record') return false;
  return openDrift(drift).some(({ actual }) =>
    status_reason?.includes(versionName(actual.provider_version_key)),
  );
}

/** Whether it waits for a decision to continue with another version. */
export function isHaltedByDrift(batch: Batch): boolean {
  return isHalted(batch.status) && isDriftReason(batch);
}

function openDrift(drift: readonly BatchDrift[]): BatchDrift[] {
  return drift.filter(({ accepted_at }) => accepted_at === null);
}

/** A model answered with a version other than its lock: shows the evidence for both, and the choices. */
export function DriftBanner({ batch, doubt }: { readonly batch: Batch; readonly doubt: string }) {
  const open = openDrift(batch.drift).toReversed();
  const accepted = batch.drift.length - open.length;
  if (batch.drift.length === 0) return null;
  const halted = isHaltedByDrift(batch);
  // The newest change caused the halt.
  const shown = halted ? 1 : SHOWN;
  return (
    <section className={classes.banner} aria-label="Model drift" data-open={open.length > 0 || undefined}>
      <div className={classes.line} role="status">
        <StateBadge state="drift" />
        <span>
          {open.length === 0
            ? acceptedText(accepted)
            : halted
              ? `A model changed during this comparison, so it ${batch.status === 'paused' ? 'paused' : 'stopped'}. Its answers so far are stored, and nothing more is sent.`
              : 'A model changed during this comparison. Each answer is stored with the version that gave it.'}
        </span>
        {halted && (
          <span className={classes.actions}>
            <CommandButton id="batch.resume" size="compact-xs" showKeys>
              Resume on the new version
            </CommandButton>
            <CommandButton id="batch.cancel" size="compact-xs">
              Cancel the rest
            </CommandButton>
          </span>
        )}
      </div>
      {doubt !== '' && <Note className={classes.note}>{doubt}</Note>}
      {halted && <PinNote batch={batch} drift={open} />}
      {open.slice(0, shown).map((drift) => (
        <Change key={`${drift.target_index} ${drift.seen_at}`} batch={batch} drift={drift} />
      ))}
      {open.length > shown && (
        <Note className={classes.note}>
          {open.length - shown} earlier: see{' '}
          <a href={`#/versions?template=${encodeURIComponent(batch.template_id)}`}>all versions</a>.
        </Note>
      )}
    </section>
  );
}

function acceptedText(count: number): string {
  return count === 1
    ? 'A model changed during this comparison, and you resumed on the new version.'
    : `Models changed ${count} times during this comparison, and you resumed on the new versions.`;
}

function Change({ batch, drift }: { readonly batch: Batch; readonly drift: BatchDrift }) {
  const format = useFormat();
  const target = batch.targets.find(({ target_index }) => target_index === drift.target_index);
  return (
    <div className={classes.change}>
      <Note className={classes.note}>
        <strong>{target?.model_id}</strong> via {target?.connection_name} · first seen{' '}
        {format.when(drift.seen_at)}
      </Note>
      <div className={classes.sides}>
        <Evidence title="Before" side={drift.expected} />
        <Evidence title="After" side={{ ...drift.actual, run_id: drift.run_id }} />
      </div>
    </div>
  );
}

/** Warns that under a pin nothing more is sent to the model. */
function PinNote({ batch, drift }: { readonly batch: Batch; readonly drift: readonly BatchDrift[] }) {
  const [newest] = drift;
  const target = batch.targets.find(({ target_index }) => target_index === newest?.target_index);
  const template_id = target?.template_id ?? batch.template_id;
  const pins = useQuery(orpc.versions.pins.queryOptions({ input: { template_id } }));
  const pin = pins.data?.in_force.find(
    ({ provider, model_id }) =>
      model_id === target?.model_id && (provider === null || provider === target.provider),
  )?.provider_version_key;
  if (!pin || newest?.actual.provider_version_key === pin) return null;
  return (
    <Note className={classes.note}>
      The template is pinned to <Mono>{pin}</Mono>: while another version answers, its cells are not sent. To
      use the new version, <a href={`#/versions?template=${encodeURIComponent(template_id)}`}>pin it</a>{' '}
      before you resume.
    </Note>
  );
}
