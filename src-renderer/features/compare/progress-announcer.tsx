import type { Batch } from '../../../src-shared/domain';

/** Announces each quarter of progress and each change of status to screen readers, never single tokens. */
export function ProgressAnnouncer({ batch }: { readonly batch: Batch }) {
  const done = batch.counts.succeeded + batch.counts.failed;
  const quarter = batch.total > 0 ? Math.floor((4 * done) / batch.total) * 25 : 0;
  return (
    <div className="visually-hidden" role="status">
      Comparison {batch.status}, {quarter}% done
    </div>
  );
}
