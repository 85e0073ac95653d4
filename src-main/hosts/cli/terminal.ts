/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Writes a result. */
  out(text: string | Uint8Array): void;
  /** Writes progress, hints and errors. */
  err(text: string): void;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  outIsTty: process.stdout.isTTY,
  errIsTty: process.stderr.isTTY,
  columns: process.stdout.columns ?? process.stderr.columns ?? 100,
};

/** Control characters but line feed and tab, and the bidirectional overrides: they can rewrite what a terminal shows. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from a model or a user, made harmless for a terminal: control characters become visible. */
export function inert(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\r') return '';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Like `inert`, on one line and at most `width` characters long. */
export function clipped(text: string, width: number): string {
  const line = inert(text).replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Aligned columns; numbers are given as text already, `right` names the columns that end at the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => Array.from(row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        const padding = ' '.repeat(Math.max(0, width - Array.from(cell).length));
        return right.has(column) ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return `${[line(header), rule, ...rows.map(line)].join('\n')}\n`;
}
