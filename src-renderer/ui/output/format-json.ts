import { jsonTokens, tokenAt, valueEnds, type JsonToken } from './json-tokens';

/** A piece of a line and its kind. */
export interface JsonPiece {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'mark';
  readonly text: string;
}

/** A line of formatted JSON. */
export interface JsonLine {
  readonly indent: number;
  readonly pieces: readonly JsonPiece[];
}

/** A problem with a value, by its JSON Pointer. */
export interface JsonProblem {
  readonly pointer: string;
  readonly message: string;
}

export interface FormattedJson {
  readonly lines: readonly JsonLine[];
  /** Whether lines were omitted or truncated. */
  readonly cut: boolean;
  /** Problems by line number, from 0. */
  readonly problems: ReadonlyMap<number, readonly JsonProblem[]>;
}

export interface JsonLimits {
  /** Containers up to this length are kept on one line; null puts everything on one. */
  readonly width: number | null;
  /** Writes at most this many characters. */
  readonly chars: number;
}

const INDENT = 2;
/** Caps the indentation: ten thousand levels must not become ten thousand spaces. */
const MAX_INDENT = 48;

const WHOLE: JsonLimits = { width: 72, chars: Number.POSITIVE_INFINITY };

/** Formats JSON with its own tokens in their own order: only white space changes. Null if the text is not JSON. */
export function formatJson(
  text: string,
  limits: JsonLimits = WHOLE,
  problems: readonly JsonProblem[] = [],
): FormattedJson | null {
  const tokens = jsonTokens(text);
  if (tokens === null) return null;
  const ends = valueEnds(tokens);
  const writer = new Writer(text, limits.chars);
  const { width } = limits;
  const inline = width === null ? new Set([0]) : inlineOpens(tokens, ends, width);
  const lineOf = writeLines(tokens, inline, writer);
  const placed = new Map<number, JsonProblem[]>();
  for (const problem of problems) {
    const line = lineOf[tokenAt(text, tokens, ends, problem.pointer)] ?? writer.lines.length - 1;
    placed.set(line, [...(placed.get(line) ?? []), problem]);
  }
  return { lines: writer.lines, cut: writer.isFull, problems: placed };
}

export function jsonText({ lines }: Pick<FormattedJson, 'lines'>): string {
  return lines
    .map(({ indent, pieces }) => `${' '.repeat(indent)}${pieces.map(({ text }) => text).join('')}`)
    .join('\n');
}

/** Collects lines until the limit is reached. */
class Writer {
  readonly lines: { indent: number; pieces: JsonPiece[] }[] = [{ indent: 0, pieces: [] }];
  isFull = false;
  private written = 0;

  constructor(
    private readonly text: string,
    private readonly limit: number,
  ) {}

  write(kind: JsonPiece['kind'], text: string): void {
    const rest = this.limit - this.written;
    if (text.length > rest) this.isFull = true;
    const fitting = this.isFull ? `${text.slice(0, Math.max(0, rest))}…` : text;
    this.written += fitting.length;
    this.lines.at(-1)?.pieces.push({ kind, text: fitting });
  }

  token({ kind, start, end }: JsonToken): void {
    const isMark = kind === 'open' || kind === 'close' || kind === 'comma' || kind === 'colon';
    this.write(isMark ? 'mark' : kind, this.text.slice(start, end));
  }

  newLine(depth: number): void {
    const indent = Math.min(MAX_INDENT, depth * INDENT);
    this.written += indent + 1;
    this.lines.push({ indent, pieces: [] });
  }
}

/** Writes the tokens; returns the line of each. */
function writeLines(tokens: readonly JsonToken[], inline: ReadonlySet<number>, writer: Writer): number[] {
  const lineOf: number[] = [];
  /** Whether each open container is inline; everything inside an inline one is inline too. */
  const open: boolean[] = [];
  for (const [index, token] of tokens.entries()) {
    if (writer.isFull) break;
    const isInline = open.at(-1) ?? false;
    if (token.kind === 'close') {
      open.pop();
      if (!isInline && tokens[index - 1]?.kind !== 'open') writer.newLine(open.length);
    }
    lineOf[index] = writer.lines.length - 1;
    writer.token(token);
    if (token.kind === 'colon' || (token.kind === 'comma' && isInline)) writer.write('mark', ' ');
    else if (token.kind === 'comma') writer.newLine(open.length);
    else if (token.kind === 'open') {
      open.push(isInline || inline.has(index));
      if (!open.at(-1) && tokens[index + 1]?.kind !== 'close') writer.newLine(open.length);
    }
  }
  return lineOf;
}

/** Containers that fit on one line. Never the outermost object, since readers look for its members. */
function inlineOpens(tokens: readonly JsonToken[], ends: readonly number[], width: number): Set<number> {
  const inline = new Set<number>();
  /** The length of everything before each token, if written on one line. */
  const before = [0];
  let depth = 0;
  const room: number[] = [];
  for (const [index, { kind, start, end }] of tokens.entries()) {
    const space = kind === 'colon' || kind === 'comma' ? 1 : 0;
    before.push((before[index] ?? 0) + end - start + space);
    if (kind === 'close') depth -= 1;
    room[index] = width - Math.min(MAX_INDENT, depth * INDENT);
    if (kind === 'open') depth += 1;
  }
  for (const [index, { kind }] of tokens.entries()) {
    const end = ends[index] ?? index;
    const length = (before[end + 1] ?? 0) - (before[index] ?? 0);
    if (kind === 'open' && index > 0 && length <= (room[index] ?? 0)) inline.add(index);
  }
  return inline;
}
