import {
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ErrorCode,
  type ParsedNode,
} from 'yaml';
import { isExactNumber } from '../../../src-shared/files/exact-json';
import type { FileProblem, Reading } from '../../../src-shared/files';

const MAX_ALIASES = 100;

/**
 * One YAML value, held to what JSON can say: no key twice, none but text, no number that would change, none that JSON
 * does not know, no tag of somebody's own. A merge key (`<<`) merges, as wherever YAML is written by people.
 */
export function readYaml(text: string): Reading<unknown> {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      merge: true,
      uniqueKeys: isSameKey,
      prettyErrors: false,
    });
    const problem = problemIn(document, lines);
    if (problem !== null) return { ok: false, problem };
    return { ok: true, value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    return { ok: false, problem: { line: null, message: whyUnreadable(error) } };
  }
}

/** As names of an object, `1` and `"1"` are one. Several merge keys are several merges. */
function isSameKey(a: ParsedNode, b: ParsedNode): boolean {
  if (!isScalar(a) || !isScalar(b)) return a === b;
  const isMerge = typeof a.value === 'symbol' || typeof b.value === 'symbol';
  return !isMerge && nameOf(a.value) === nameOf(b.value);
}

function nameOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const TOO_DEEP = 'it is nested too deeply.';
const MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'another document begins here ("---"); a file holds one.',
  RESOURCE_EXHAUSTION: TOO_DEEP,
};

function problemIn(document: Document.Parsed, lines: LineCounter): FileProblem | null {
  // What the parser only warns of, such as a tag that it does not know, would be left out.
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) return unkeepable(document, lines);
  return { line: lines.linePos(error.pos[0]).line, message: MESSAGES[error.code] ?? `${error.message}.` };
}

/** The first key or number that no JSON value could keep. */
function unkeepable(document: Document.Parsed, lines: LineCounter): FileProblem | null {
  let problem: FileProblem | null = null;
  const found = (range: readonly number[] | null | undefined, message: string): symbol => {
    const [start] = range ?? [];
    problem = { line: start === undefined ? null : lines.linePos(start).line, message };
    return visit.BREAK;
  };
  visit(document, {
    Pair(_key, { key }) {
      if (isScalar(key)) return undefined;
      return found(hasRange(key) ? key.range : null, 'a key must be text, not a list, a map or an alias.');
    },
    Scalar(_key, node) {
      if (typeof node.value !== 'number' || isKept(node.value, node.source)) return undefined;
      return found(
        node.range,
        `the number ${node.source} cannot be kept exactly. Write it as text, in quotes.`,
      );
    },
  });
  return problem;
}

function hasRange(node: unknown): node is { readonly range?: readonly number[] | null } {
  return typeof node === 'object' && node !== null && 'range' in node;
}

function whyUnreadable(error: unknown): string {
  if (error instanceof RangeError) return TOO_DEEP;
  return error instanceof Error ? `${error.message}.` : 'it cannot be parsed.';
}

function isKept(value: number, source = ''): boolean {
  if (!Number.isFinite(value)) return false;
  // Hexadecimal and octal numbers are whole, so they are kept as long as doubles have every whole number.
  return /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(source) ? isExactNumber(source) : Number.isSafeInteger(value);
}
