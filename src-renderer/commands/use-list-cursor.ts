import { useState } from 'react';
import { useCommands } from './registry';

interface ListCursorOptions<Row> {
  readonly list: {
    /** The rows that are there; the list may be longer (`total`). */
    readonly rows: readonly Row[];
    readonly total?: number;
    readonly loaded: boolean;
  };
  idOf(row: Row): string;
  /** The row that is shown beside the list: the cursor is on it, and moving on shows the next. */
  readonly openId?: string | undefined;
  onOpen(row: Row): void;
  /** What peeking does where it is not opening. */
  onPeek?(): void;
}

export interface ListCursor<Row> {
  /** Where the cursor is; -1 where the row that is shown is not among those of the list. */
  readonly active: number;
  readonly row: Row | undefined;
  moveTo(index: number): void;
  open(index: number): void;
  /** Back to the first row: for another filter. */
  toTop(): void;
}

interface Place {
  readonly index: number;
  readonly id?: string;
}

/** Always the same: where the cursor is there already, nothing is drawn again. */
const TOP: Place = { index: 0 };

/**
 * The row that keys mean, and the keys that every list has. It is remembered by its id: rows that come in above it while
 * somebody reads must not put another one under the next key.
 */
export function useListCursor<Row>(options: ListCursorOptions<Row>): ListCursor<Row> {
  const { idOf, openId, onOpen, onPeek } = options;
  const { rows, total: count = rows.length, loaded } = options.list;
  const [cursor, setCursor] = useState(TOP);
  const id = openId ?? cursor.id;
  const found = id === undefined ? -1 : indexOf(rows, id, idOf, cursor.index);
  const active = found >= 0 || openId !== undefined ? found : Math.min(cursor.index, count - 1);
  const row = rows[active];

  const moveTo = (wanted: number): void => {
    const index = Math.min(count - 1, Math.max(0, wanted));
    const next = rows[index];
    setCursor({ index, ...(next !== undefined && { id: idOf(next) }) });
    if (next !== undefined && openId !== undefined) onOpen(next);
  };
  const open = (index: number): void => {
    const chosen = rows[index];
    if (chosen === undefined) return;
    setCursor({ index, id: idOf(chosen) });
    onOpen(chosen);
  };
  const none = !loaded ? 'The list is still loading.' : count === 0 ? 'The list is empty.' : undefined;
  const unchosen = none ?? (row === undefined ? 'Select a row first.' : undefined);
  useCommands({
    'list.next': { run: () => moveTo(active + 1), disabled: none },
    'list.previous': { run: () => moveTo(active - 1), disabled: none },
    'list.open': { run: () => open(active), disabled: unchosen },
    'list.peek': { run: () => (onPeek ? onPeek() : open(active)), disabled: unchosen },
  });
  return { active, row, moveTo, open, toTop: () => setCursor(TOP) };
}

/** Nearly always where it was; otherwise somewhere else. */
function indexOf<Row>(
  rows: readonly Row[],
  id: string,
  idOf: (row: Row) => string,
  expected: number,
): number {
  const there = rows[expected];
  if (there !== undefined && idOf(there) === id) return expected;
  return rows.findIndex((row) => idOf(row) === id);
}
