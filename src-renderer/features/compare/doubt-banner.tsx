import { IconAlertTriangle } from '@tabler/icons-react';
import type { Batch } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { useFormat } from '../../ui';
import classes from './compare.module.css';

/** Calls whose answer was lost may have been billed: only a person decides to send them again. */
export function DoubtBanner({ batch }: { readonly batch: Batch }) {
  const format = useFormat();
  const unknown = batch.counts.outcome_unknown;
  if (unknown === 0 || batch.status === 'running') return null;
  const done = batch.counts.succeeded + batch.counts.failed;
  const resumable = batch.status === 'paused' || batch.status === 'stopped';
  return (
    <div className={classes.doubt} role="status">
      <IconAlertTriangle size={15} aria-hidden />
      <span>
        {resumable && `Interrupted at ${format.count(done)} of ${format.count(batch.total)}: `}
        {format.plural(unknown, 'outcome is', 'outcomes are')} unknown and may have been billed. Nothing is
        sent again by itself.
      </span>
      {batch.status !== 'cancelled' && (
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
  );
}
