import type { BatchCounts } from '../../../src-shared/domain';
import { useFormat } from '../../ui';
import classes from './compare.module.css';

/** `112 of 120 succeeded · 3 failed · 1 outcome unknown`. */
export function CountsLine({ counts, total }: { readonly counts: BatchCounts; readonly total: number }) {
  const format = useFormat();
  return (
    <span className={classes.counts}>
      {format.count(counts.succeeded)} of {format.count(total)} succeeded
      {counts.running > 0 && <span> · {format.count(counts.running)} running</span>}
      {counts.failed > 0 && <span data-tone="bad"> · {format.count(counts.failed)} failed</span>}
      {counts.outcome_unknown > 0 && (
        <span data-tone="warn">
          {' '}
          · {format.plural(counts.outcome_unknown, 'outcome', 'outcomes')} unknown
        </span>
      )}
      {counts.cancelled > 0 && <span> · {format.count(counts.cancelled)} cancelled</span>}
    </span>
  );
}
