import type { HistoryEntry } from '../../../src-shared/domain';

/** How one row of a history is drawn: versions run down in lanes, and a branch has a lane of its own. */
export interface LaneRow {
  /** The lane of this version. */
  readonly lane: number;
  /** Lanes that lines enter this row in from above, and leave it in below. */
  readonly above: readonly number[];
  readonly below: readonly number[];
  /** Lanes of other children of this version: their lines end at it. */
  readonly joins: readonly number[];
}

type Entry = Pick<HistoryEntry, 'template_id' | 'parent_template_id'>;

/**
 * The tree of a history, newest first, in as few lanes as it needs. Each lane waits for the parent of its last version;
 * several lanes that wait for the same one end there, in the first of them.
 */
export function lanesOf(entries: readonly Entry[]): readonly LaneRow[] {
  const known = new Set(entries.map(({ template_id }) => template_id));
  const waiting: (string | null)[] = [];
  const open = (): number[] => waiting.flatMap((id, lane) => (id === null ? [] : [lane]));
  return entries.map(({ template_id, parent_template_id }) => {
    const above = open();
    const mine = above.filter((lane) => waiting[lane] === template_id);
    const lane = mine[0] ?? freeLane(waiting);
    for (const other of mine) waiting[other] = null;
    // A parent that is not listed, such as a trial or a version of another prompt, is where a line begins.
    waiting[lane] = parent_template_id !== null && known.has(parent_template_id) ? parent_template_id : null;
    return { lane, above, below: open(), joins: mine.slice(1) };
  });
}

function freeLane(waiting: readonly (string | null)[]): number {
  const free = waiting.indexOf(null);
  return free < 0 ? waiting.length : free;
}
