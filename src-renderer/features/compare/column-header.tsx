import { IconTarget } from '@tabler/icons-react';
import { batchShapeOf, type Batch, type ResolvedTarget } from '../../../src-shared/domain';
import { GradeBadge, useFormat } from '../../ui';
import { cellsPerTarget } from './coordinates';
import { useGrid } from './grid-store';
import classes from './compare.module.css';

/** Calls that failed, or whose end is not known, say nothing of what they cost: that is not zero. */
function isUnknown({ cost_usd, finished, failed }: Batch['target_totals'][number]): boolean {
  return finished === failed && Number(cost_usd) === 0;
}

/** A model with what its column cost so far. */
export function ColumnHeader({ batch, target }: { readonly batch: Batch; readonly target: ResolvedTarget }) {
  const format = useFormat();
  const isBaseline = useGrid((state) => state.baseline === target.target_index);
  const totals = batch.target_totals.find((total) => total.target_index === target.target_index);
  const lock = batch.lock.find((known) => known.target_index === target.target_index);
  const all = cellsPerTarget(batchShapeOf(batch));
  const params = Object.entries(target.inference_params)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
  return (
    <div role="columnheader" className={classes.column} data-baseline={isBaseline || undefined}>
      <div className={classes.columnName}>
        <strong title={target.model_id}>{target.model_id}</strong>
        {isBaseline && (
          <span className={classes.baselineMark}>
            <IconTarget size={12} aria-hidden /> baseline
          </span>
        )}
      </div>
      <div className={classes.columnNote}>
        {lock?.provider_version_key && (
          <span title={lock.provider_version_key}>
            <GradeBadge grade={lock.evidence_grade} />
          </span>
        )}
        {lock && !lock.verified && batch.drift_policy !== 'record' && (
          <span title="Probes are off, or the model did not answer: the first answer, or the last known version, is what the others are held to.">
            lock unverified
          </span>
        )}
        <span className={classes.shrinks} title={`${target.connection_name} (${target.provider}) ${params}`}>
          {target.connection_name} {params}
        </span>
      </div>
      {totals && (
        <div
          className={classes.columnNote}
          title={`Sum of priced calls: ${format.moneyExact(totals.cost_usd)}. Without a known cost: ${format.count(
            totals.unpriced,
          )}. Tokens in/out: ${format.tokens(totals.input_tokens)}/${format.tokens(totals.output_tokens)}.`}
        >
          <span>
            {format.count(totals.finished)}/{format.count(all)}
          </span>
          {totals.failed > 0 && <span data-tone="bad">{format.count(totals.failed)} failed</span>}
          <span className={classes.shrinks}>
            {isUnknown(totals) ? '–' : format.money(totals.cost_usd)}
            {totals.unpriced > 0 && ` + ${format.count(totals.unpriced)} unpriced`}
          </span>
        </div>
      )}
      <div className={classes.columnProgress} aria-hidden>
        <div style={{ transform: `scaleX(${all > 0 && totals ? totals.finished / all : 0})` }} />
      </div>
    </div>
  );
}
