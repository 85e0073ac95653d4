import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import { orpc } from '../../rpc';
import { Note, useFormat } from '../../ui';
import classes from './analytics.module.css';
import { BreakdownTable } from './breakdown';
import { Textures } from './chart-parts';
import { ChartSection } from './chart-section';
import { Lines, StackedBars } from './charts';
import { runsBehind } from './drill-down';
import { durationTick, durationTicks } from './duration-axis';
import {
  amountOf,
  budgetPerDay,
  busySlots,
  bySlot,
  costBySlot,
  stackedCosts,
  type Point,
  type Series,
} from './figures';
import { percent } from './percent';
import type { Breakdown } from './search';
import { Stat } from './stats';
import { useCostTable, useLatencyTable, useOutcomesTable, useSlotLabel } from './tables';
import type { Answers } from './use-answers';

interface ReportProps {
  readonly answers: Answers;
  onBy(by: Breakdown): void;
}

export function Report({ answers, onBy }: ReportProps) {
  const { by } = answers;
  const { costs } = answers.byTime;
  return (
    <>
      <Textures />
      {costs.simulated && (
        <Note className={classes.note}>
          Practice runs at the prices of the models they imitate. They cost nothing.
        </Note>
      )}
      {!costs.exact_days && (
        <Note className={classes.note}>
          Midnight in {costs.time_zone} falls between two UTC hours, so each day starts at the next full hour.
        </Note>
      )}
      <Stats answers={answers} />
      <Quiet answers={answers} />
      <Costs answers={answers} />
      <div className={classes.pair}>
        <Latency answers={answers} />
        <Outcomes answers={answers} />
      </div>
      <BreakdownTable answers={answers.bySubject} by={by} onBy={onBy} />
    </>
  );
}

/** Points within the busy slots, which charts are cut to. */
function useBusy(points: readonly Point[], { costs, errors }: Answers['byTime']): readonly Point[] {
  return useMemo(() => {
    const shown = new Set(busySlots(errors.slots, [...errors.rows, ...costs.rows]));
    return points.filter(({ slot }) => shown.has(slot));
  }, [points, costs, errors]);
}

/** Says which empty part of the range the charts leave out, if it is large. */
function Quiet({ answers: { byTime } }: Pick<ReportProps, 'answers'>) {
  const { costs, errors } = byTime;
  const format = useFormat();
  const label = useSlotLabel();
  const shown = busySlots(errors.slots, [...errors.rows, ...costs.rows]);
  const empty = errors.slots.length - shown.length;
  const [first] = shown;
  const last = shown.at(-1);
  if (empty === 0 || first === undefined || last === undefined) return null;
  const left =
    costs.group_by === 'hour'
      ? format.plural(empty, 'other hour', 'other hours')
      : format.plural(empty, 'other day', 'other days');
  const from = label(first, costs.time_zone);
  const to = label(last, costs.time_zone);
  return (
    <Note className={classes.note}>
      Charts show {from === to ? from : `${from} to ${to}`}. Nothing ran on the {left} of this range.
    </Note>
  );
}

function Stats({ answers: { byTime } }: Pick<ReportProps, 'answers'>) {
  const { costs, errors, latency, tokens } = byTime;
  const format = useFormat();
  const { locale } = useIntl();
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 2 });
  const { totals } = latency;
  const { input_tokens, output_tokens, cached_input_tokens, reasoning_tokens } = tokens.totals;
  return (
    <div className={classes.stats}>
      <Stat
        name={costs.simulated ? 'Practice, at list prices' : 'Spend'}
        value={format.sum(costs.totals.cost_usd, costs.totals.unpriced)}
        title={format.moneyExact(costs.totals.cost_usd)}
        note={
          <>
            {format.plural(costs.totals.runs, 'run', 'runs')}
            {costs.totals.unpriced > 0 && (
              <>
                {', '}
                <Link to="/runs" search={runsBehind(costs, null, { counted: 'unpriced' })}>
                  {format.count(costs.totals.unpriced)} unpriced
                </Link>{' '}
                (not included)
              </>
            )}
            {costs.probes.calls > 0 &&
              `, plus ${format.plural(costs.probes.calls, 'version probe', 'version probes')}: ${format.sum(costs.probes.cost_usd, costs.probes.unpriced)}`}
          </>
        }
        trend={costBySlot(costs).map(({ cost_usd }) => amountOf(cost_usd))}
      />
      <Stat
        name="Latency P50 / P95"
        value={`${format.duration(totals.p50_ms)} / ${format.duration(totals.p95_ms)}`}
        note={
          totals.p95_ms === null
            ? `P95 needs 20 runs (n = ${format.count(totals.answered)})`
            : `n = ${format.count(totals.answered)}`
        }
        trend={bySlot(latency, (row) => ({ p50: row?.p50_ms ?? null })).map(
          ({ values }) => values['p50'] ?? null,
        )}
      />
      <Stat
        name="Success"
        value={percent(format, errors.totals.succeeded, errors.totals.runs)}
        note={
          <>
            n = {format.count(errors.totals.runs)}
            {errors.totals.failed > 0 && (
              <>
                {', '}
                <Link to="/runs" search={runsBehind(errors, null, { status: 'failed' })}>
                  {format.count(errors.totals.failed)} failed
                </Link>
              </>
            )}
            {errors.totals.outcome_unknown > 0 && `, ${format.count(errors.totals.outcome_unknown)} unknown`}
          </>
        }
        trend={bySlot(errors, (row) => ({ rate: row && row.runs > 0 ? row.succeeded / row.runs : null })).map(
          ({ values }) => values['rate'] ?? null,
        )}
      />
      <Stat
        name="Tokens"
        value={compact.format(input_tokens + output_tokens)}
        title={`${format.tokens(input_tokens)} in, ${format.tokens(output_tokens)} out, ${format.tokens(cached_input_tokens)} cached, ${format.tokens(reasoning_tokens)} reasoning`}
        note={`${compact.format(input_tokens)} in, ${compact.format(output_tokens)} out`}
        trend={bySlot(tokens, (row) => ({ all: row ? row.input_tokens + row.output_tokens : 0 })).map(
          ({ values }) => values['all'] ?? 0,
        )}
      />
    </div>
  );
}

function Costs({ answers: { byTime, by } }: Pick<ReportProps, 'answers'>) {
  const { costs } = byTime;
  const format = useFormat();
  const label = useSlotLabel();
  const table = useCostTable(costs);
  // One precision for all labels of the axis.
  const highest = Math.max(0, ...costBySlot(costs).map(({ cost_usd }) => amountOf(cost_usd) ?? 0));
  const digits = highest >= 1000 ? 0 : highest >= 1 ? 2 : highest >= 0.01 ? 4 : 6;
  const { series, points: all } = useMemo(() => stackedCosts(costs), [costs]);
  const points = useBusy(all, byTime);
  const budgets = useQuery(orpc.insight.budgets.queryOptions());
  const [budget] = budgets.data?.items ?? [];
  const line =
    costs.group_by === 'day' && !costs.simulated && budgets.data?.items.length === 1 && budget?.monthly_usd
      ? { at: budgetPerDay(budget.monthly_usd, budget.month), label: 'budget, spread over the month' }
      : undefined;
  return (
    <ChartSection title={`Cost by ${costs.group_by} and ${by}`} file={fileName('costs', costs)} table={table}>
      <StackedBars
        label={`Cost by ${costs.group_by} from ${costs.from} to ${costs.to}, stacked by ${by}: ${format.money(costs.totals.cost_usd)} in all`}
        series={series}
        points={points}
        value={(usd) => format.money(usd.toFixed(12))}
        tick={(usd) => format.money(usd.toFixed(12), digits)}
        slot={(slot) => label(slot, costs.time_zone)}
        slotTick={(slot, isFirst) => format.tick(slot, costs.time_zone, isFirst)}
        line={line}
      />
    </ChartSection>
  );
}

const LATENCIES: readonly Series[] = [
  { key: 'p50', label: 'P50' },
  { key: 'p95', label: 'P95 (20+ runs)' },
];

function Latency({ answers: { byTime } }: Pick<ReportProps, 'answers'>) {
  const { latency } = byTime;
  const format = useFormat();
  const label = useSlotLabel();
  const all = useMemo(
    () => bySlot(latency, (row) => ({ p50: row?.p50_ms ?? null, p95: row?.p95_ms ?? null })),
    [latency],
  );
  const points = useBusy(all, byTime);
  const ticks = useMemo(() => {
    const shown = points.flatMap(({ values }) => Object.values(values)).filter((ms) => ms !== null);
    return durationTicks(Math.max(0, ...shown));
  }, [points]);
  return (
    <ChartSection title="Latency" file={fileName('latency', latency)} table={useLatencyTable(latency)}>
      <Lines
        label={`Latency by ${latency.group_by}: P50 ${format.duration(latency.totals.p50_ms)} over the range`}
        series={LATENCIES}
        points={points}
        value={(ms) => format.duration(ms)}
        tick={(ms) => durationTick(ms, format.duration)}
        ticks={ticks}
        slot={(slot) => label(slot, latency.time_zone)}
        slotTick={(slot, isFirst) => format.tick(slot, latency.time_zone, isFirst)}
      />
    </ChartSection>
  );
}

const OUTCOMES: readonly Series[] = [
  { key: 'succeeded', label: 'succeeded', look: 2 },
  { key: 'failed', label: 'failed', look: 3 },
  { key: 'unknown', label: 'outcome unknown', look: 6 },
];

function Outcomes({ answers: { byTime } }: Pick<ReportProps, 'answers'>) {
  const { errors } = byTime;
  const format = useFormat();
  const label = useSlotLabel();
  const all = useMemo(
    () =>
      bySlot(errors, (row) => ({
        succeeded: row?.succeeded ?? 0,
        failed: row?.failed ?? 0,
        unknown: row?.outcome_unknown ?? 0,
      })),
    [errors],
  );
  const points = useBusy(all, byTime);
  return (
    <ChartSection title="How runs ended" file={fileName('outcomes', errors)} table={useOutcomesTable(errors)}>
      <StackedBars
        label={`Runs by ${errors.group_by} and how they ended: ${format.count(errors.totals.succeeded)} of ${format.count(errors.totals.runs)} succeeded`}
        series={OUTCOMES}
        points={points}
        value={(count) => format.count(count)}
        slot={(slot) => label(slot, errors.time_zone)}
        slotTick={(slot, isFirst) => format.tick(slot, errors.time_zone, isFirst)}
      />
    </ChartSection>
  );
}

function fileName(what: string, { from, to }: { readonly from: string; readonly to: string }): string {
  return `${what} ${from} to ${to}`;
}
