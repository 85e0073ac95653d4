import { validationError } from '../../../src-shared/domain';

/** Before the first row of a list that is read by descending `seq`. */
const LIST_START = Number.MAX_SAFE_INTEGER;

/** The place after the row with this `seq`, opaque to whoever keeps it. */
export function encodeCursor(seq: number): string {
  return Buffer.from(`seq:${seq}`).toString('base64url');
}

/** The `seq` that a list goes on below; the start of the list without a cursor. @throws VALIDATION_FAILED */
export function decodeCursor(cursor: string | undefined): number {
  return placeOf(cursor) ?? LIST_START;
}

/** The place in a list that a cursor names, null without one. @throws VALIDATION_FAILED */
export function placeOf(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const seq = /^seq:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (seq === undefined)
    throw validationError([
      { path: 'cursor', message: 'is not a cursor from a list; omit it to start over' },
    ]);
  return Number(seq);
}

/** A page out of `limit + 1` rows: the one too many only says that there is more. */
export function pageOf<Row extends { readonly seq: number }, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map(itemOf), next_cursor: last ? encodeCursor(last.seq) : null };
}
