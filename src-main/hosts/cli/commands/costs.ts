import * as z from 'zod';
import {
  insightQuerySchema,
  insightRows,
  type CostsAnswer,
  type InsightRow,
  sumInWords,
} from '../../../../src-shared/domain';
import { print } from '../command';
import { defineCommand, flag, option } from '../command-spec';
import { table, type Column } from '../table';
import { inert } from '../terminal';

const { from, to, time_zone } = insightQuerySchema.shape;
export const costs = defineCommand({
  usage: 'costs',
  about: 'Show cost, success, latency and tokens of runs; unpriced runs are counted separately',
  options: {
    from: option('<date>', 'first day (default: 30 days are shown)', from),
    to: option('<date>', 'last day (default: today)', to),
    by: option(
      '<group>',
      'day, template, model, connection or batch',
      z.enum(['day', 'template', 'model', 'connection', 'batch']).default('day'),
    ),
    timeZone: option('<zone>', 'time zone of the days (default: UTC)', time_zone),
    practice: flag('show practice runs instead of real ones'),
  },
  example: 'prompter costs --from 2026-11-01 --by model --time-zone Europe/Berlin',
  body: async (context, _args, { by, timeZone, practice, ...range }) => {
    const { client } = await context.session();
    const query = { ...range, time_zone: timeZone, group_by: by, simulated: practice };
    const [cost, latency, outcomes, tokens] = await Promise.all([
      client.insight.costs(query),
      // A comparison's own page has its latencies.
      by === 'batch' ? noLatency : client.insight.latency({ ...query, group_by: by }),
      client.insight.errors(query),
      client.insight.tokens(query),
    ]);
    const rows = insightRows({ costs: cost, latency, errors: outcomes, tokens }).filter(
      ({ runs, cost_usd }) => runs > 0 || cost_usd !== '0',
    );
    const totals = { ...cost.totals, ...latency.totals, ...outcomes.totals, ...tokens.totals };
    const { from: first, to: last, time_zone: zone, exact_days, simulated, probes } = cost;
    const answer = {
      from: first,
      to: last,
      time_zone: zone,
      exact_days,
      simulated,
      by,
      rows,
      totals,
      probes,
    };
    print(context, answer, () => {
      const shown = rows.map((row) => ({ cells: cellsOf(row) }));
      const sum = { cells: cellsOf({ label: 'total', ...totals }) };
      const columns = COLUMNS.map((column, index) => (index === 0 ? { ...column, title: by } : column));
      const kind = simulated ? 'practice runs (not spend)' : 'real runs only; --practice shows practice runs';
      return `${inert(`${first} to ${last}, ${zone}: ${kind}`)}\n${table(columns, rows.length === 0 ? [] : [...shown, sum], context.terminal.columns)}${probeLine(probes)}`;
    });
  },
});

/** Paid for, and part of no run: said beside the table, whose figures are of runs. */
function probeLine({ calls, cost_usd, unpriced }: CostsAnswer['probes']): string {
  if (calls === 0) return '';
  return `Version probes (not in the table): ${calls} ${calls === 1 ? 'call' : 'calls'}, ${sumInWords(cost_usd, unpriced)}\n`;
}

const noLatency = { rows: [], totals: { answered: 0, p50_ms: null, p95_ms: null } };

const COLUMNS: readonly Column[] = [
  { title: '', min: 10 },
  { title: 'runs', align: 'right' },
  { title: 'succeeded', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'unpriced', align: 'right' },
  { title: 'P50 ms', align: 'right', dispensable: 3 },
  { title: 'P95 ms', align: 'right', dispensable: 2 },
  { title: 'tokens in', align: 'right', dispensable: 4 },
  { title: 'tokens out', align: 'right', dispensable: 5 },
];

function cellsOf(row: Omit<InsightRow, 'key'>): string[] {
  return [
    row.label,
    String(row.runs),
    row.runs === 0 ? '–' : `${((100 * row.succeeded) / row.runs).toFixed(1)} %`,
    row.cost_usd === null ? 'unpriced' : `$${row.cost_usd}`,
    String(row.unpriced),
    row.p50_ms === null ? '–' : row.p50_ms.toFixed(0),
    row.p95_ms === null ? '–' : row.p95_ms.toFixed(0),
    String(row.input_tokens),
    String(row.output_tokens),
  ];
}
