import { IconAlertTriangle } from '@tabler/icons-react';
import { isHalted, type Batch } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { useFormat } from '../../ui';
import { DriftBanner, isDriftReason, isHaltedByDrift } from './drift-banner';
import classes from './compare.module.css';

/** Earlier versions put progress into the reason; the counts above are more accurate. */
const OLD_COUNTS = /^Interrupted at \d+ of \d+.*$/;

/**
 * Why a comparison is halted: what happened, what is in doubt, what can be done. Calls whose answer was lost may have
 * been billed, so only a person decides to send them again.
 */
export function HaltBanner({ batch }: { readonly batch: Batch }) {
  const format = useFormat();
  const { outcome_unknown: unknown } = batch.counts;
  const isDoubtful = unknown > 0 && batch.status !== 'running';
  const doubt = isDoubtful
    ? `${format.plural(unknown, 'outcome is', 'outcomes are')} unknown and may have been billed. Nothing is resent automatically.`
    : '';
  if (isHaltedByDrift(batch)) return <DriftBanner batch={batch} doubt={doubt} />;
  const resumable = isHalted(batch.status);
  const reason = isDriftReason(batch)
    ? ''
    : (batch.status_reason ?? '').replace(OLD_COUNTS, 'Interrupted: Prompter exited while it was running.');
  return (
    <>
      {(reason || doubt) && (
        <div className={isDoubtful ? classes.doubt : classes.reason} role="status">
          {isDoubtful && <IconAlertTriangle size={15} aria-hidden />}
          <span className={classes.haltText}>{[reason, doubt].filter(Boolean).join(' ')}</span>
          {isDoubtful && batch.status !== 'cancelled' && (
            <span className={classes.doubtActions}>
              {resumable && (
                <CommandButton id="batch.resume" size="compact-xs">
                  Resume without them
                </CommandButton>
              )}
              <CommandButton id="batch.retryUnknown" size="compact-xs">
                {resumable ? 'Retry them too' : 'Retry them'}
              </CommandButton>
            </span>
          )}
        </div>
      )}
      <DriftBanner batch={batch} doubt="" />
    </>
  );
}
