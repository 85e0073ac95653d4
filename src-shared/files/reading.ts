/** Why a file is refused: a sentence about its content, and the line (from 1) where there is one. */
export interface FileProblem {
  readonly line: number | null;
  /** Begins with `column 7: ` where that is known. */
  readonly message: string;
}

/** The problem with its place: `line 2, column 7: …`, `line 2: …`. */
export function problemInWords({ line, message }: FileProblem): string {
  if (line === null) return message;
  return /^column \d+: /.test(message) ? `line ${line}, ${message}` : `line ${line}: ${message}`;
}

export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: FileProblem };

export const read = <T>(value: T): Reading<T> => ({ ok: true, value });

export const refused = (message: string, line: number | null = null): Reading<never> => ({
  ok: false,
  problem: { line, message },
});

/** The place of a UTF-16 offset; lines end at LF, whatever else is in the text. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
