import { IconTarget } from '@tabler/icons-react';
import {
  batchShapeOf,
  versionName,
  type Batch,
  type BatchColumn,
  type BatchTargetTotals,
  columnNames,
} from '../../../../src-shared/domain';
import { GradeBadge, LabelMark, useFormat } from '../../../ui';
import { shownColumn } from '../left-out';
import { cellsPerTarget } from '../plan/coordinates';
import { useGrid } from './grid-store';
import classes from '../compare.module.css';

/** Failed calls and unknown outcomes do not report a cost; it is unknown, not zero. */
function isUnknown({ cost_usd, finished, failed }: BatchTargetTotals): boolean {
  return finished === failed && Number(cost_usd ?? 0) === 0;
}

/** A target, the version it answers with, and its column's totals so far. */
export function ColumnHeader({ batch, target }: { readonly batch: Batch; readonly target: BatchColumn }) {
  const isBaseline = useGrid((state) => state.baseline === target.target_index);
  const totals = batch.target_totals.find((total) => total.target_index === target.target_index);
  const lock = batch.lock.find((known) => known.target_index === target.target_index);
  const all = cellsPerTarget(batchShapeOf(batch));
  const named = columnNames(batch.targets)[target.target_index];
  const name = named === undefined ? target.model_id : shownColumn(named);
  const params = Object.entries(target.inference_params)
    .map(([param, value]) => `${param} ${JSON.stringify(value)}`)
    .join(', ');
  return (
    <div role="columnheader" className={classes.column} data-baseline={isBaseline || undefined}>
      <div className={classes.columnName}>
        <strong title={name}>{name}</strong>
        {target.label !== null && <LabelMark label={target.label} />}
        {isBaseline && (
          <span className={classes.baselineMark}>
            <IconTarget size={12} aria-hidden /> baseline
          </span>
        )}
      </div>
      <div className={classes.columnNote}>
        {lock?.provider_version_key && (
          <>
            <GradeBadge grade={lock.evidence_grade} />
            <span className={classes.versionKey} title={lock.provider_version_key}>
              {versionName(lock.provider_version_key)}
            </span>
          </>
        )}
        {lock && !lock.verified && batch.drift_policy !== 'record' && (
          <span title="No probe answered, so versions are compared with the first answer or the last known version.">
            version not checked
          </span>
        )}
        <span className={classes.shrinks} title={`${target.connection_name} (${target.provider}) ${params}`}>
          {target.connection_name} {params}
        </span>
      </div>
      {totals && <Totals batch={batch} totals={totals} all={all} />}
      <div className={classes.columnProgress} aria-hidden>
        <div style={{ transform: `scaleX(${all > 0 && totals ? totals.finished / all : 0})` }} />
      </div>
    </div>
  );
}

interface TotalsProps {
  readonly batch: Batch;
  readonly totals: BatchTargetTotals;
  readonly all: number;
}

function Totals({ batch, totals, all }: TotalsProps) {
  const format = useFormat();
  const baseline = useGrid((state) => state.baseline);
  const reference = batch.target_totals.find(({ target_index }) => target_index === baseline);
  const succeeded = totals.finished - totals.failed;
  const unpriced = totals.unpriced > 0 ? `${format.count(totals.unpriced)} unpriced` : '';
  return (
    <>
      <div className={classes.columnNote}>
        <span title={`${format.count(succeeded)} of ${format.count(all)} calls succeeded`}>
          {format.count(succeeded)}/{format.count(all)} succeeded
        </span>
        {totals.failed > 0 && <span data-tone="bad">{format.count(totals.failed)} failed</span>}
        <span className={classes.shrinks} title="Median and 95th-percentile latency (P95 needs 20 answers)">
          P50 {format.duration(totals.latency_p50_ms)}
          {totals.latency_p95_ms !== null && ` · P95 ${format.duration(totals.latency_p95_ms)}`}
        </span>
      </div>
      <div
        className={classes.columnNote}
        title={`Tokens in/out: ${format.tokens(totals.input_tokens)}/${format.tokens(totals.output_tokens)}. Sum of priced calls: ${format.moneyExact(totals.cost_usd)}. Without a known cost: ${format.count(totals.unpriced)}.`}
      >
        <span className={classes.shrinks}>
          {format.tokens(totals.input_tokens + totals.output_tokens)} tok ·{' '}
          {isUnknown(totals)
            ? unpriced || '–'
            : [totals.cost_usd !== null && format.money(totals.cost_usd), unpriced]
                .filter(Boolean)
                .join(' + ')}
        </span>
        {reference && reference !== totals && <Deltas totals={totals} reference={reference} />}
      </div>
    </>
  );
}

/** The column compared with the baseline, per answer on average, so that it works while both are still running. */
function Deltas({
  totals,
  reference,
}: {
  readonly totals: BatchTargetTotals;
  readonly reference: BatchTargetTotals;
}) {
  const each = (of: BatchTargetTotals): number | null => {
    const answers = of.finished - of.failed;
    return of.unpriced > 0 || answers === 0 ? null : Number(of.cost_usd) / answers;
  };
  return (
    <>
      <DeltaText
        name="Cost"
        unit="$"
        more="more expensive"
        less="cheaper"
        value={each(totals)}
        base={each(reference)}
      />
      <DeltaText
        name="P50"
        unit="P50"
        more="slower"
        less="faster"
        value={totals.latency_p50_ms}
        base={reference.latency_p50_ms}
      />
    </>
  );
}

interface DeltaTextProps {
  readonly name: string;
  readonly unit: string;
  readonly more: string;
  readonly less: string;
  readonly value: number | null;
  readonly base: number | null;
}

/** Signed, coloured, and in words for screen readers. */
function DeltaText({ name, unit, more, less, value, base }: DeltaTextProps) {
  const format = useFormat();
  const change = value === null || base === null ? null : format.change(value, base);
  if (change === null || value === null || base === null) return null;
  const words = value === base ? 'the same as' : value > base ? `${more} than` : `${less} than`;
  return (
    <span
      data-tone={value > base ? 'bad' : value < base ? 'good' : undefined}
      title={`${name}: ${change}, ${words} the baseline`}
    >
      {unit} {change}
      <span className="visually-hidden">, {words} the baseline</span>
    </span>
  );
}
