import {
  usdOfSum,
  type PromptOrder,
  type PromptSort,
  type PromptSummary,
  type RunTotals,
} from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { ftsQueryOf } from '../templates/search';
import { decodePromptCursor, encodePromptCursor } from './cursor';
import { prompts } from './tables';

export interface PromptFilter {
  readonly workspace_id?: string | undefined;
  /** Words that occur in the name or the latest version's texts; the last may be unfinished. */
  readonly q?: string | undefined;
  /** A label that points somewhere in the prompt now. */
  readonly label?: string | undefined;
  readonly tag?: string | undefined;
  readonly model_id?: string | undefined;
  readonly include_archived: boolean;
  readonly include_inactive: boolean;
}

const ROW = storedColumns(prompts, namesOf(prompts), 'prompt_id');
export type PromptRow = ReturnType<typeof ROW.decode>;

/** How each order is read out of an index; `seq` decides between equals. */
const ORDERS: Readonly<Record<PromptSort, { column: string; index: string }>> = {
  changed: { column: 'latest_seq', index: 'ix_prompts_changed' },
  name: { column: 'name', index: 'ix_prompts_name' },
  last_run: { column: 'last_run_at', index: 'ix_prompts_last_run' },
  runs: { column: 'runs', index: 'ix_prompts_runs' },
  cost: { column: 'cost_picodollars', index: 'ix_prompts_cost' },
  versions: { column: 'versions', index: 'ix_prompts_versions' },
};

interface Order {
  readonly sort: PromptSort;
  readonly descends: boolean;
}

function isSort(word: string): word is PromptSort {
  return Object.hasOwn(ORDERS, word);
}

function orderOf(order: PromptOrder): Order {
  const descends = order.startsWith('-');
  const sort = descends ? order.slice(1) : order;
  if (!isSort(sort)) throw new Error(`${order} is no order of prompts.`);
  return { sort, descends };
}

/**
 * Prompts that have a version, with keyset paging in each order: a late page costs no more than the first.
 * @param counted whether the sums of runs are kept; null in each row otherwise
 * @throws VALIDATION_FAILED for a cursor of another order
 */
export function listPrompts(
  db: ReadDb,
  filter: PromptFilter,
  page: { readonly order: PromptOrder; readonly cursor?: string | undefined; readonly limit: number },
  counted: boolean,
): { items: PromptSummary[]; next_cursor: string | null } {
  const selected = selection(filter);
  if (selected === null) return { items: [], next_cursor: null };
  const { sort, descends } = orderOf(page.order);
  const { column, index } = ORDERS[sort];
  const after = page.cursor === undefined ? null : decodePromptCursor(page.cursor, page.order);
  const { match, where, params } = selected;
  const [beyond, direction] = descends ? ['<', 'DESC'] : ['>', 'ASC'];
  // Matches come in the order of their rowid, the latest version's seq.
  const source =
    match === null
      ? `prompts INDEXED BY ${index}`
      : `prompts_fts f CROSS JOIN prompts INDEXED BY ix_prompts_changed ON prompts.latest_seq = f.rowid`;
  const isByMatch = match !== null && sort === 'changed';
  const key = isByMatch ? 'f.rowid' : `prompts.${column}`;
  const conditions = [
    ...(match === null ? [] : ['prompts_fts MATCH ?']),
    ...(after === null ? [] : [isByMatch ? `${key} ${beyond} ?` : `(${key}, prompts.seq) ${beyond} (?, ?)`]),
    ...where,
  ];
  const rows = db
    .prepare<unknown[], StoredRow>(
      `SELECT ${ROW.list} FROM ${source} WHERE ${conditions.join(' AND ')}
       ORDER BY ${key} ${direction}${isByMatch ? '' : `, prompts.seq ${direction}`} LIMIT ?`,
    )
    .all(
      ...(match === null ? [] : [match]),
      ...(after === null ? [] : isByMatch ? [after.value] : [after.value, after.seq]),
      ...params,
      page.limit + 1,
    )
    .map(ROW.decode);
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return {
    items: summariesOf(db, items, counted),
    next_cursor: last ? encodePromptCursor(page.order, valueOf(last, sort), last.seq) : null,
  };
}

function valueOf(row: PromptRow, sort: PromptSort): string | number {
  switch (sort) {
    case 'changed':
      return row.latest_seq ?? 0;
    case 'name':
      return row.name;
    case 'last_run':
      return row.last_run_at;
    case 'runs':
      return row.runs;
    case 'cost':
      return String(row.cost_picodollars);
    case 'versions':
      return row.versions;
  }
}

export function countPrompts(db: ReadDb, filter: PromptFilter): number {
  const selected = selection(filter);
  if (selected === null) return 0;
  const { match, where, params } = selected;
  const source =
    match === null
      ? 'prompts INDEXED BY ix_prompts_changed'
      : 'prompts_fts f CROSS JOIN prompts INDEXED BY ix_prompts_changed ON prompts.latest_seq = f.rowid';
  const conditions = [...(match === null ? [] : ['prompts_fts MATCH ?']), ...where];
  const count = db
    .prepare<unknown[], { n: number }>(
      `SELECT count(*) AS n FROM ${source} WHERE ${conditions.join(' AND ')}`,
    )
    .get(...(match === null ? [] : [match]), ...params);
  return count?.n ?? 0;
}

interface Selection {
  readonly match: string | null;
  readonly where: readonly string[];
  readonly params: readonly unknown[];
}

/** Few distinct SQL texts for all filters, so that statements stay prepared. Null if nothing can match. */
function selection(filter: PromptFilter): Selection | null {
  const searching = filter.q !== undefined && filter.q.trim() !== '';
  const match = searching ? ftsQueryOf(filter.q ?? '') : null;
  if (searching && match === null) return null;
  const where = ['prompts.latest_seq > 0'];
  const params: unknown[] = [];
  if (!filter.include_archived) where.push('prompts.archived = 0');
  if (!filter.include_inactive) where.push('prompts.active = 1');
  if (filter.workspace_id !== undefined) {
    where.push('prompts.workspace_id = ?');
    params.push(filter.workspace_id);
  }
  for (const [kind, value] of [
    ['label', filter.label],
    ['tag', filter.tag],
    ['model', filter.model_id],
  ] as const) {
    if (value === undefined) continue;
    // Read once; the unary plus keeps the order's index in charge, so that a page is not sorted.
    where.push(`+prompts.seq IN (SELECT prompt_seq FROM prompt_facets WHERE kind = '${kind}' AND value = ?)`);
    params.push(value);
  }
  return { match, where, params };
}

export function promptRow(db: ReadDb, promptId: string): PromptRow | undefined {
  const row = db
    .prepare<[string], StoredRow>(`SELECT ${ROW.list} FROM prompts WHERE prompts.prompt_id = ?`)
    .get(promptId);
  return row && ROW.decode(row);
}

/** Prompts of this name in force, whose versions are not all archived; oldest first. */
export function promptsNamed(
  db: ReadDb,
  { workspace_id, name }: { workspace_id: string; name: string },
): PromptRow[] {
  return db
    .prepare<[string, string, string], StoredRow>(
      `SELECT ${ROW.list} FROM prompts INDEXED BY ix_prompts_name
       WHERE prompts.name = ? AND prompts.name = ? COLLATE BINARY AND prompts.workspace_id = ?
         AND prompts.archived = 0 AND prompts.latest_seq > 0 ORDER BY prompts.seq`,
    )
    .all(name, name, workspace_id)
    .map(ROW.decode);
}

type Latest = NonNullable<PromptSummary['latest']>;

/** Two queries for all of them: their latest versions, and what they are filtered by. */
export function summariesOf(db: ReadDb, rows: readonly PromptRow[], counted: boolean): PromptSummary[] {
  const latest = new Map(
    db
      .prepare<[string], Latest & { seq: number }>(
        `SELECT t.seq, t.template_id, t.version_number, t.version_label, t.description, t.provider, t.model_id,
           t.message, t.created_at, t.created_by
         FROM templates t WHERE t.seq IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(rows.map(({ latest_seq }) => latest_seq)))
      .map(({ seq, ...version }) => [seq, version]),
  );
  const facets = Map.groupBy(
    db
      .prepare<
        [string],
        {
          kind: string;
          value: string;
          prompt_seq: number;
          template_id: string | null;
          version_number: number | null;
        }
      >(
        `SELECT f.kind, f.value, f.prompt_seq, f.template_id, t.version_number
         FROM prompt_facets f LEFT JOIN templates t ON t.template_id = f.template_id
         WHERE f.prompt_seq IN (SELECT value FROM json_each(?)) ORDER BY f.kind, f.value`,
      )
      .all(JSON.stringify(rows.map(({ seq }) => seq))),
    ({ prompt_seq }) => prompt_seq,
  );
  return rows.map((row) => {
    const found = facets.get(row.seq) ?? [];
    const valuesOf = (kind: string): string[] =>
      found.filter((facet) => facet.kind === kind).map(({ value }) => value);
    return {
      prompt_id: row.prompt_id,
      workspace_id: row.workspace_id,
      name: row.name,
      active: row.active,
      archived: row.archived,
      versions: row.versions,
      latest: latest.get(row.latest_seq ?? 0) ?? null,
      labels: found.flatMap(({ kind, value, template_id, version_number }) =>
        kind === 'label' && template_id !== null ? [{ label: value, template_id, version_number }] : [],
      ),
      tags: valuesOf('tag'),
      models: valuesOf('model'),
      ...totalsOf(row, counted),
    };
  });
}

type Sums = Pick<PromptRow, 'runs' | 'simulated_runs' | 'unpriced_runs' | 'cost_picodollars' | 'last_run_at'>;

const NOT_COUNTED: RunTotals = {
  runs: null,
  simulated_runs: null,
  unpriced_runs: null,
  cost_usd: null,
  last_run_at: null,
};

/** Sums as they are shown: unknown while nobody counts. */
export function totalsOf(sums: Sums, counted: boolean): RunTotals {
  if (!counted) return NOT_COUNTED;
  const { runs, simulated_runs, unpriced_runs, cost_picodollars, last_run_at } = sums;
  return {
    runs,
    simulated_runs,
    unpriced_runs,
    cost_usd: usdOfSum(cost_picodollars, unpriced_runs),
    last_run_at: last_run_at === '' ? null : last_run_at,
  };
}

/** The labels, tags and models that prompts have, each with how many of them; archived and inactive ones included. */
export function listFacets(
  db: ReadDb,
  workspaceId: string | null,
): Readonly<Record<'labels' | 'tags' | 'models', { value: string; prompts: number }[]>> {
  const rows = db
    .prepare<[string | null, string | null], { kind: string; value: string; prompts: number }>(
      `SELECT f.kind, f.value, count(*) AS prompts FROM prompt_facets f
       WHERE ? IS NULL OR (SELECT p.workspace_id FROM prompts p WHERE p.seq = f.prompt_seq) = ?
       GROUP BY f.kind, f.value ORDER BY f.kind, f.value`,
    )
    .all(workspaceId, workspaceId);
  const of = (kind: string) =>
    rows.filter((row) => row.kind === kind).map(({ value, prompts: count }) => ({ value, prompts: count }));
  return { labels: of('label'), tags: of('tag'), models: of('model') };
}
