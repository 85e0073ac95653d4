import {
  picodollarsFromUsd,
  UNBILLED,
  type FailureCode,
  type RunKind,
  type RunStatus,
  COUNTED_STATUSES,
} from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { ftsQueryOf } from '../templates/search';
import { SUMMARY, toSummary, type StoredRunSummary, type SummaryRow } from './reads';
import { quoted } from '../engine/quoted';

export interface RunFilter {
  /** Words that occur in names, prompts and outputs; the last may be unfinished. */
  readonly q?: string | undefined;
  /** How the run's id begins. */
  readonly run_id_prefix?: string | undefined;
  readonly template_id?: string | undefined;
  /** Any of these templates. */
  readonly template_ids?: readonly string[] | undefined;
  /** Any trial of this prompt. */
  readonly trials_of?: string | undefined;
  readonly batch_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly connection_id?: string | undefined;
  readonly model_id?: string | undefined;
  /** How the model's id begins, in any case. */
  readonly model?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly failure_code?: FailureCode | undefined;
  /** Times of `executed_at`: `from` included, `to` not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Both included; runs without a known cost are in no such range. */
  readonly min_cost_usd?: string | undefined;
  readonly max_cost_usd?: string | undefined;
  readonly simulated?: boolean | undefined;
  /** Only what sums count: runs that have ended, or those of them whose cost is not known. */
  readonly counted?: 'ended' | 'unpriced' | undefined;
  /** Runs of templates unless given. */
  readonly kind?: RunKind | undefined;
}

/** The statuses whose runs are few, each with the index that has them alone. */
const RARE: Partial<Record<RunStatus, string>> = {
  pending: 'ix_runs_pending',
  raw_stored: 'ix_runs_raw_stored',
  failed: 'ix_runs_failed',
  outcome_unknown: 'ix_runs_in_doubt',
  cancelled: 'ix_runs_cancelled',
};

const ENDED = `runs.status IN (${quoted(COUNTED_STATUSES)})`;

/** What sums count of the runs, as conditions: `isCounted` and `costStandingOf`. */
export const COUNTED = {
  ended: ENDED,
  unpriced: `${ENDED} AND runs.cost_picodollars IS NULL
    AND NOT (runs.status = 'failed' AND coalesce(runs.failure_code, '') IN (${quoted(UNBILLED)})
      AND runs.response_output_sha256 IS NULL
      AND coalesce(runs.input_tokens, 0) + coalesce(runs.output_tokens, 0) = 0)`,
} as const;

/** A page of runs, newest first; the cursor is the last row's `seq`. */
export function listRuns(
  db: ReadDb,
  filter: RunFilter,
  page: { cursor: number | null; limit: number },
): { items: StoredRunSummary[]; next: number | null } {
  const words = filter.q === undefined || filter.q.trim() === '' ? undefined : ftsQueryOf(filter.q);
  if (words === null) return { items: [], next: null };
  const { index, byTime } = words === undefined ? sourceOf(filter) : { index: null, byTime: false };
  const { conditions, values } = conditionsOf(filter);
  if (words !== undefined) {
    conditions.push('run_search MATCH ?');
    values.push(words);
  }
  if (page.cursor !== null) {
    conditions.push(
      byTime
        ? '(runs.executed_at, runs.seq) < ((SELECT executed_at FROM runs WHERE seq = ?), ?)'
        : words === undefined
          ? 'runs.seq < ?'
          : 'run_search.rowid < ?',
    );
    values.push(...(byTime ? [page.cursor, page.cursor] : [page.cursor]));
  }
  const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
  const order = byTime
    ? 'runs.executed_at DESC, runs.seq DESC'
    : `${words === undefined ? 'runs.seq' : 'run_search.rowid'} DESC`;
  // The words come first: nothing else leads to so few runs, and they are in the order of the list.
  const from = words === undefined ? 'runs' : 'run_search CROSS JOIN runs ON runs.seq = run_search.rowid';
  const source = SUMMARY.replace('FROM runs', `FROM ${from}${index === null ? '' : ` INDEXED BY ${index}`}`);
  const rows = db
    .prepare<FilterValue[], SummaryRow>(`${source} ${where} ORDER BY ${order} LIMIT ?`)
    .all(...values, page.limit + 1);
  const items = rows.slice(0, page.limit);
  return { items: items.map(toSummary), next: rows.length > page.limit ? (items.at(-1)?.seq ?? null) : null };
}

/**
 * The index that has the fewest runs to walk past, null for one of a template's runs or the table itself; and whether
 * the list is sorted by time, as that index is, or as the runs came.
 */
function sourceOf(filter: RunFilter): { index: string | null; byTime: boolean } {
  const { batch_id, failure_code, status, counted, connection_id, model_id, from, to } = filter;
  // By template, then sorted: in the order of the list, SQLite would walk past every run of the store.
  if (filter.template_ids !== undefined || filter.trials_of !== undefined)
    return { index: 'ix_runs_template', byTime: false };
  const rare = status && RARE[status];
  if (filter.run_id_prefix !== undefined) return { index: 'sqlite_autoindex_runs_1', byTime: false };
  const ofSpan = from !== undefined || to !== undefined;
  if (batch_id !== undefined) return { index: 'ux_runs_cell', byTime: false };
  if (failure_code !== undefined) return { index: 'ix_runs_failure', byTime: true };
  if (rare !== undefined) return { index: rare, byTime: ofSpan || status === 'failed' };
  if (counted === 'unpriced') return { index: 'ix_runs_unpriced', byTime: true };
  if (filter.kind === 'probe') return { index: 'ix_runs_probes', byTime: true };
  if (filter.min_cost_usd !== undefined || filter.max_cost_usd !== undefined)
    return { index: 'ix_runs_cost', byTime: true };
  if (ofSpan || connection_id !== undefined || model_id !== undefined || filter.model !== undefined)
    return { index: 'ix_runs_time', byTime: true };
  return { index: null, byTime: false };
}

type FilterValue = string | number | bigint;

function conditionsOf(filter: RunFilter): { conditions: string[]; values: FilterValue[] } {
  const conditions: string[] = [];
  const values: FilterValue[] = [];
  const add = (condition: string, ...given: FilterValue[]): void => {
    conditions.push(condition);
    values.push(...given);
  };
  // Written out, so that the partial index of the status is used; a status is one of a few words.
  if (filter.status !== undefined) add(`runs.status = '${filter.status}'`);
  if (filter.run_id_prefix !== undefined)
    add('runs.run_id >= ? AND runs.run_id < ?', filter.run_id_prefix, `${filter.run_id_prefix}\u{10ffff}`);
  for (const column of ['template_id', 'batch_id', 'workspace_id', 'connection_id', 'model_id'] as const) {
    const value = filter[column];
    if (value !== undefined) add(`runs.${column} = ?`, value);
  }
  if (filter.template_ids !== undefined)
    add('runs.template_id IN (SELECT value FROM json_each(?))', JSON.stringify(filter.template_ids));
  if (filter.trials_of !== undefined)
    add(
      'runs.template_id IN (SELECT template_id FROM templates WHERE prompt_id = ? AND trial = 1)',
      filter.trials_of,
    );
  if (filter.model !== undefined) add(`runs.model_id LIKE ? ESCAPE '\\'`, `${likeText(filter.model)}%`);
  if (filter.min_cost_usd !== undefined)
    add('runs.cost_picodollars >= ?', picodollarsFromUsd(filter.min_cost_usd));
  if (filter.max_cost_usd !== undefined)
    add('runs.cost_picodollars <= ?', picodollarsFromUsd(filter.max_cost_usd));
  if (filter.failure_code !== undefined) add('runs.failure_code = ?', filter.failure_code);
  if (filter.from !== undefined) add('runs.executed_at >= ?', filter.from);
  if (filter.to !== undefined) add('runs.executed_at < ?', filter.to);
  if (filter.simulated !== undefined) add('runs.simulated = ?', filter.simulated ? 1 : 0);
  if (filter.counted !== undefined) add(COUNTED[filter.counted]);
  // Written out, as the index of probes is a partial one.
  add(`runs.kind = '${filter.kind ?? 'run'}'`);
  return { conditions, values };
}

/** Of somebody's text, in which `%` and `_` are letters like any other. */
function likeText(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}
