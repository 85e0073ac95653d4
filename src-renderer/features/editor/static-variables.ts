const MARKUP = /\{\{-?([\s\S]*?)-?\}\}|\{%-?\s*(\w+)([\s\S]*?)-?%\}/g;
const STRINGS = /"[^"]*"|'[^']*'/g;
const PATH = /(?<![\w.:-])[A-Za-z_][\w-]*/g;
const WORDS = new Set(
  'and or contains true false nil null blank empty in reversed limit offset with for as by forloop tablerowloop'.split(
    ' ',
  ),
);
/** Tags whose first word introduces a name instead of using one. */
const BINDING = new Set(['assign', 'capture', 'for', 'tablerow', 'increment', 'decrement']);
const OPAQUE = new Set(['comment', 'raw']);

/**
 * Names that a Liquid text uses, in order of first use. A quick reading for the moment between two answers
 * of the core, which parses properly and has the last word.
 */
export function staticVariables(source: string): string[] {
  const bound = new Set<string>();
  const found = new Set<string>();
  let opaque: string | undefined;
  for (const [, output, tag, rest = ''] of source.matchAll(MARKUP)) {
    if (opaque) {
      if (tag === `end${opaque}`) opaque = undefined;
    } else if (output !== undefined) {
      collect(output, found, bound);
    } else if (tag && OPAQUE.has(tag)) {
      opaque = tag;
    } else if (tag && BINDING.has(tag)) {
      const name = /[A-Za-z_][\w-]*/.exec(rest)?.[0];
      if (name) bound.add(name);
      collect(rest.slice((name?.length ?? 0) + rest.indexOf(name ?? '')), found, bound);
    } else if (tag && tag !== 'else' && !tag.startsWith('end')) {
      collect(rest, found, bound);
    }
  }
  return [...found];
}

function collect(expression: string, found: Set<string>, bound: ReadonlySet<string>): void {
  // What follows a pipe is a filter's name, what precedes a colon is a parameter's.
  const values = expression
    .replace(STRINGS, ' ')
    .replace(/\|\s*[\w-]+\s*:?/g, ' ')
    .replace(/[\w-]+\s*:/g, ' ');
  for (const [name] of values.matchAll(PATH)) if (!WORDS.has(name) && !bound.has(name)) found.add(name);
}
