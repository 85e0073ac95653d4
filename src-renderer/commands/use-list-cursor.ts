import { useState } from 'react';
import { useCommands } from './registry';

interface ListCursorOptions<Row> {
  readonly list: {
    /** The rows loaded so far; the list may be longer (`total`). */
    readonly rows: readonly Row[];
    readonly total?: number;
    readonly loaded: boolean;
  };
  idOf(row: Row): string;
  /** The row shown beside the list; the cursor is on it, and moving the cursor shows the next. */
  readonly openId?: string | undefined;
  /** Where the cursor is at first; the first row where the list does not have it. */
  readonly startId?: string | undefined;
  onOpen(row: Row): void;
  /** Peek, if it differs from opening. */
  onPeek?(): void;
}

export interface ListCursor<Row> {
  /** The cursor's index; -1 if the open row is not in the list. */
  readonly active: number;
  readonly row: Row | undefined;
  moveTo(index: number): void;
  open(index: number): void;
  /** Back to the first row, after a filter change. */
  toTop(): void;
}

interface Place {
  readonly index: number;
  readonly id?: string;
}

/** One constant object, so that setting it again does not re-render. */
const TOP: Place = { index: 0 };

/**
 * The cursor of a list and the keys common to all lists. It is kept by row id, so that rows arriving above it do not
 * move another row under the next key.
 */
export function useListCursor<Row>(options: ListCursorOptions<Row>): ListCursor<Row> {
  const { idOf, openId, startId, onOpen, onPeek } = options;
  const { rows, total: count = rows.length, loaded } = options.list;
  const [cursor, setCursor] = useState<Place>(startId === undefined ? TOP : { index: 0, id: startId });
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

/** Looks at the expected index first, since the row has rarely moved. */
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
