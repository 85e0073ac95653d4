import { jsonTokens, stringOf, type JsonToken } from './json-tokens';

/** One difference between two JSON values: its place and the values as written. */
export type JsonChange =
  | { readonly kind: 'added'; readonly pointer: string; readonly after: string }
  | { readonly kind: 'removed'; readonly pointer: string; readonly before: string }
  | { readonly kind: 'changed'; readonly pointer: string; readonly before: string; readonly after: string };

/** Longer texts fall back to a word diff, which has a time limit. */
const MAX_CHARS = 200_000;
/** Deeper values fall back to a word diff. */
const MAX_DEPTH = 200;

/** A value, its text without white space for display, and its contents. */
interface Node {
  readonly text: string;
  /** Normal form: unescaped, members sorted. Equal for equal values. */
  readonly form: string;
  readonly members: ReadonlyMap<string, Node> | null;
  readonly items: readonly Node[] | null;
}

/**
 * The changes from one JSON value to another, by path. Member order does not count; numbers written differently
 * differ. Null if either text is not JSON, repeats a key, or is too long or too deep.
 */
export function jsonChanges(before: string, after: string): readonly JsonChange[] | null {
  const from = read(before);
  const to = from && read(after);
  if (!from || !to) return null;
  const changes: JsonChange[] = [];
  compare(from, to, '', changes);
  return changes;
}

function compare(before: Node, after: Node, pointer: string, changes: JsonChange[]): void {
  if (before.form === after.form) return;
  if (before.members && after.members) {
    for (const [key, node] of before.members) {
      const there = after.members.get(key);
      const place = `${pointer}/${escaped(key)}`;
      if (there) compare(node, there, place, changes);
      else changes.push({ kind: 'removed', pointer: place, before: node.text });
    }
    for (const [key, node] of after.members) {
      if (!before.members.has(key))
        changes.push({ kind: 'added', pointer: `${pointer}/${escaped(key)}`, after: node.text });
    }
  } else if (before.items && after.items) {
    compareItems(before.items, after.items, pointer, changes);
  } else {
    changes.push({ kind: 'changed', pointer, before: before.text, after: after.text });
  }
}

/** Skips equal items at both ends; compares those between by index. */
function compareItems(
  before: readonly Node[],
  after: readonly Node[],
  pointer: string,
  changes: JsonChange[],
): void {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head]?.form === after[head]?.form) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail)?.form === after.at(-1 - tail)?.form) tail += 1;
  const [lastBefore, lastAfter] = [before.length - tail, after.length - tail];
  for (let index = head; index < Math.max(lastBefore, lastAfter); index += 1) {
    const from = index < lastBefore ? before[index] : undefined;
    const to = index < lastAfter ? after[index] : undefined;
    const place = `${pointer}/${index}`;
    if (from && to) compare(from, to, place, changes);
    else if (from) changes.push({ kind: 'removed', pointer: place, before: from.text });
    else if (to) changes.push({ kind: 'added', pointer: place, after: to.text });
  }
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function read(text: string): Node | null {
  if (text.length > MAX_CHARS) return null;
  const tokens = jsonTokens(text);
  return tokens && new Reader(text, tokens).value(0);
}

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly JsonToken[],
  ) {}

  value(depth: number): Node | null {
    if (depth > MAX_DEPTH) return null;
    const token = this.tokens[this.at];
    if (!token) return null;
    const written = this.text.slice(token.start, token.end);
    if (written === '{') return this.object(depth);
    if (written === '[') return this.array(depth);
    this.at += 1;
    const form = token.kind === 'string' ? JSON.stringify(stringOf(this.text, token)) : written;
    return { text: written, form, members: null, items: null };
  }

  private object(depth: number): Node | null {
    const members = new Map<string, Node>();
    const texts: string[] = [];
    const forms: string[] = [];
    for (this.at += 1; this.tokens[this.at]?.kind !== 'close';) {
      const token = this.tokens[this.at];
      if (token?.kind === 'comma') {
        this.at += 1;
        continue;
      }
      if (!token) return null;
      const key = stringOf(this.text, token);
      this.at += 2;
      const node = this.value(depth + 1);
      if (!node || members.has(key)) return null;
      members.set(key, node);
      texts.push(`${this.text.slice(token.start, token.end)}: ${node.text}`);
      forms.push(`${JSON.stringify(key)}:${node.form}`);
    }
    this.at += 1;
    return { text: `{${texts.join(', ')}}`, form: `{${forms.toSorted().join(',')}}`, members, items: null };
  }

  private array(depth: number): Node | null {
    const items: Node[] = [];
    for (this.at += 1; this.tokens[this.at]?.kind !== 'close';) {
      if (this.tokens[this.at]?.kind === 'comma') {
        this.at += 1;
        continue;
      }
      const node = this.value(depth + 1);
      if (!node) return null;
      items.push(node);
    }
    this.at += 1;
    return {
      text: `[${items.map(({ text }) => text).join(', ')}]`,
      form: `[${items.map(({ form }) => form).join(',')}]`,
      members: null,
      items,
    };
  }
}
