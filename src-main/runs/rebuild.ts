import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  jsonValueSchema,
  usdFromPicodollars,
  validationError,
  type JsonValue,
  type RebuildPage,
  type RebuildRequest,
} from '../../src-shared/domain';
import {
  encodeCursor,
  getRunToRead,
  getStoredRun,
  placeOf,
  runsRead,
  storedResult,
  type StoredRow,
  type StoredValue,
} from '../store';
import type { Derivation } from './derive';
import { deriveStored, rewriteDerivation, type RecoverDeps } from './recover';

/**
 * Re-reads a page of stored answers by the current rules and writes the runs that changed. Yields after each run; an
 * aborted page reports where it stopped.
 */
export async function rebuildPage(
  deps: RecoverDeps,
  { dry_run, cursor, limit, ...filter }: RebuildRequest,
  signal?: AbortSignal,
): Promise<RebuildPage> {
  if (filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to)
    throw validationError([{ path: 'to', message: 'must be later than from' }]);
  let place = placeOf(cursor) ?? 0;
  const found = runsRead(deps.store.read, filter, { after: place, limit: limit + 1 });
  const changes: RebuildPage['changes'] = [];
  const failures: RebuildPage['failures'] = [];
  let looked_at = 0;
  for (const { seq, run_id } of found.slice(0, limit)) {
    if (signal?.aborted) break;
    try {
      const columns = rebuildRun(deps, run_id, dry_run);
      if (columns.length > 0) changes.push({ run_id, columns });
    } catch (error) {
      // One unreadable answer must not keep the others from being updated.
      deps.logger.log('error', 'runs.not_rebuilt', { run_id, error });
      failures.push({ run_id, message: error instanceof Error ? error.message : String(error) });
    }
    looked_at += 1;
    place = seq;
    await nextTurn();
  }
  return {
    looked_at,
    changed: changes.length,
    failed: failures.length,
    next_cursor: looked_at < found.length ? encodeCursor(place) : null,
    changes,
    failures,
  };
}

/** Synchronous between reading and writing, so that nothing can resend the run meanwhile. */
function rebuildRun(deps: RecoverDeps, runId: string, dryRun: boolean): Column[] {
  const row = getRunToRead(deps.store.read, runId);
  const before = getStoredRun(deps.store.read, runId);
  // It may have been resent since the page was started.
  if (before === null || (row?.status !== 'succeeded' && row?.status !== 'failed')) return [];
  const stored = deriveStored(deps, row);
  if (!stored) throw new Error(`Run "${runId}" has no stored answer.`);
  const columns = changedColumns(before, stored.derivation);
  if (columns.length > 0 && !dryRun) rewriteDerivation(deps, row, stored);
  return columns;
}

type Column = RebuildPage['changes'][number]['columns'][number];

function changedColumns(before: StoredRow, { derived, price }: Derivation): Column[] {
  const after: StoredRow = {
    ...storedResult({ ...derived, price_snapshot_id: null }),
    price_snapshot: price?.snapshotText ?? null,
  };
  return Object.entries(after).flatMap(([column, to]) => {
    // The time of reading is not a change, and a price's row id follows from the price.
    if (column === 'last_parse_attempt_at' || column === 'price_snapshot_id') return [];
    const from = before[column] ?? null;
    return from === to ? [] : [shownChange(column, from, to)];
  });
}

/** A changed column as a run displays it. */
function shownChange(column: string, from: StoredValue, to: StoredValue): Column {
  const name = column === 'cost_picodollars' ? 'cost_usd' : column;
  return { name, from: shown(column, from), to: shown(column, to) };
}

const BITS: ReadonlySet<string> = new Set(['requires_manual_review', 'output_json_valid', 'grounded']);
const JSON_COLUMNS: ReadonlySet<string> = new Set(['evidence', 'citations', 'tool_calls', 'price_snapshot']);

function shown(column: string, value: StoredValue): JsonValue {
  if (value === null) return null;
  if (BITS.has(column)) return value === 1;
  if (column === 'cost_picodollars') return usdFromPicodollars(BigInt(value));
  return JSON_COLUMNS.has(column) ? parsedOrText(String(value)) : value;
}

/** A value left by an older rule, or by damage, is shown as it is if it is not JSON. */
function parsedOrText(text: string): JsonValue {
  try {
    return jsonValueSchema.parse(JSON.parse(text));
  } catch {
    return text;
  }
}
