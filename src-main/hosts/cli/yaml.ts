import { LineCounter, parseDocument, visit } from 'yaml';
import { isExactNumber, type FileProblem, type Reading } from '../../../src-shared/files';

const MAX_ALIASES = 100;

/** One YAML value, held to what JSON can say: no key twice, no number that would change, none that JSON does not know. */
export function readYaml(text: string): Reading<unknown> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const [error] = document.errors;
  const problem = error
    ? { line: lines.linePos(error.pos[0]).line, message: `${error.message}.` }
    : inexactNumber(document, lines);
  if (problem !== null) return { ok: false, problem };
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (tooManyAliases) {
    const message = tooManyAliases instanceof Error ? `${tooManyAliases.message}.` : 'it cannot be parsed.';
    return { ok: false, problem: { line: null, message } };
  }
}

function inexactNumber(document: ReturnType<typeof parseDocument>, lines: LineCounter): FileProblem | null {
  let problem: FileProblem | null = null;
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'number' || isKept(node.value, node.source)) return undefined;
      const line = node.range ? lines.linePos(node.range[0]).line : null;
      problem = {
        line,
        message: `the number ${node.source} cannot be kept exactly. Write it as text, in quotes.`,
      };
      return visit.BREAK;
    },
  });
  return problem;
}

function isKept(value: number, source = ''): boolean {
  if (!Number.isFinite(value)) return false;
  // Hexadecimal and octal numbers are whole, so they are kept as long as doubles have every whole number.
  return /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(source) ? isExactNumber(source) : Number.isSafeInteger(value);
}
