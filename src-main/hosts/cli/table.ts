import { clipped, oneLine, widthOf } from './cell-text';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Its texts may be clipped to this width; a column without it is never clipped. */
  readonly min?: number;
  /** Which end of a clipped text stays. */
  readonly keep?: 'start' | 'end';
  /** It may be left out, the highest number first, where clipping alone is not enough. */
  readonly dispensable?: number;
}

export interface Row {
  readonly cells: readonly string[];
  /** A line of its own under the row, as wide as there is room. */
  readonly detail?: string;
}

const GAP = 2;
const INDENT = 5;

/** Aligned columns, no wider than `width` as far as its columns can give way. */
export function table(columns: readonly Column[], rows: readonly Row[], width: number): string {
  if (rows.length === 0) return '(none)\n';
  const texts = rows.map(({ cells }) => columns.map((_column, index) => oneLine(cells[index] ?? '')));
  const natural = columns.map(({ title }, index) =>
    texts.reduce((widest, cells) => Math.max(widest, widthOf(cells[index] ?? '')), widthOf(title)),
  );
  const shown = fit(columns, natural, width);
  const line = (cells: readonly string[]) =>
    shown
      .map(({ column, index, width: room }) => {
        const cell = clipped(cells[index] ?? '', room, column.keep);
        const padding = ' '.repeat(Math.max(0, room - widthOf(cell)));
        return column.align === 'right' ? padding + cell : cell + padding;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const rule = shown.map(({ width: room }) => '─'.repeat(room)).join(' '.repeat(GAP));
  const body = rows.flatMap(({ detail }, index) => [
    line(texts[index] ?? []),
    ...(detail === undefined ? [] : [' '.repeat(INDENT) + clipped(detail, Math.max(20, width - INDENT))]),
  ]);
  return `${[line(columns.map(({ title }) => title)), rule.trimEnd(), ...body].join('\n')}\n`;
}

/** The line below a list that goes on. */
export function moreLine(nextCursor: string | null): string {
  return nextCursor === null ? '' : `More: --cursor ${nextCursor}\n`;
}

function spare({ column, width }: Shown): number {
  return width - (column.min ?? width);
}

interface Shown {
  readonly column: Column;
  readonly index: number;
  width: number;
}

/** Clips where there is most to spare, then leaves columns out, until the line fits or nothing more can be done. */
function fit(columns: readonly Column[], natural: readonly number[], width: number): Shown[] {
  let shown = columns.map((column, index): Shown => ({ column, index, width: natural[index] ?? 0 }));
  for (;;) {
    const total = shown.reduce((sum, one) => sum + one.width, GAP * (shown.length - 1));
    if (total <= width) return shown;
    const giving = shown
      .filter((one) => spare(one) > 0)
      .toSorted((a, b) => spare(b) - spare(a))
      .at(0);
    if (giving) {
      giving.width -= 1;
      continue;
    }
    const least = shown
      .filter(({ column }) => column.dispensable !== undefined)
      .toSorted((a, b) => (b.column.dispensable ?? 0) - (a.column.dispensable ?? 0))
      .at(0);
    if (!least) return shown;
    shown = shown.filter((one) => one !== least).map((one) => ({ ...one, width: natural[one.index] ?? 0 }));
  }
}
