import type { JsonValue } from '../../domain';

/** What a template expects of a variable: text, a list it iterates over, or an object whose fields it reads. */
export type Shape =
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Shape> };

/** A name or field found while reading a template. */
interface Use {
  item?: Use;
  readonly fields: Map<string, Use>;
}

const MARKUP = /\{\{-?([\s\S]*?)-?\}\}|\{%-?\s*(\w+)([\s\S]*?)-?%\}/g;
const STRINGS = /"[^"]*"|'[^']*'/g;
const PATH = /(?<![\w.:-])[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\s*-?\d*\s*\])*/g;
const STEP = /\.([A-Za-z_][\w-]*)|\[/g;
const WORDS = new Set(
  'and or contains true false nil null blank empty in reversed limit offset with for as by forloop tablerowloop'.split(
    ' ',
  ),
);
/** Tags whose first word declares a name rather than using one. */
const BINDING = new Set(['assign', 'capture', 'for', 'tablerow', 'increment', 'decrement']);
const OPAQUE = new Set(['comment', 'raw']);
/** Properties that Liquid provides on every list. */
const LIST_PROPERTIES = new Set(['first', 'last']);

/**
 * The variables of a Liquid text, in order of first use, with the expected shape of each. A quick approximation until
 * the core, which parses properly and decides on names, has answered.
 */
export function variableShapes(source: string): ReadonlyMap<string, Shape> {
  const uses = new Map<string, Use>();
  /** Names declared in the text; a loop's name stands for an item of its list. */
  const bound = new Map<string, Use | null>();
  let opaque: string | undefined;
  for (const [, output, tag, rest = ''] of source.matchAll(MARKUP)) {
    if (opaque) {
      if (tag === `end${opaque}`) opaque = undefined;
    } else if (output !== undefined) {
      collect(output, uses, bound);
    } else if (tag && OPAQUE.has(tag)) {
      opaque = tag;
    } else if (tag && BINDING.has(tag)) {
      const name = /[A-Za-z_][\w-]*/.exec(rest)?.[0];
      const used = collect(rest.slice((name?.length ?? 0) + rest.indexOf(name ?? '')), uses, bound);
      // A range such as (1..count) iterates over numbers, not over its bounds.
      const walks = (tag === 'for' || tag === 'tablerow') && !/\bin\s*\(/.test(rest);
      const walked = walks ? used[0] : undefined;
      if (name) bound.set(name, walked ? itemOf(walked) : null);
    } else if (tag && tag !== 'else' && !tag.startsWith('end')) {
      collect(rest, uses, bound);
    }
  }
  return new Map([...uses].map(([name, use]) => [name, shapeOf(use)]));
}

/** Records every path of an expression; returns the end of each that starts at a variable. */
function collect(expression: string, uses: Map<string, Use>, bound: ReadonlyMap<string, Use | null>): Use[] {
  // A word after a pipe is a filter, one before a colon a parameter.
  const values = expression
    .replace(STRINGS, ' ')
    .replaceAll('..', ' ')
    .replace(/\|\s*[\w-]+\s*:?/g, ' ')
    .replace(/[\w-]+\s*:/g, ' ');
  return [...values.matchAll(PATH)].flatMap(([path]) => {
    const name = /^[\w-]+/.exec(path)?.[0] ?? path;
    if (WORDS.has(name)) return [];
    const start = bound.has(name) ? bound.get(name) : child(uses, name);
    return start ? [follow(start, path.slice(name.length))] : [];
  });
}

function follow(start: Use, steps: string): Use {
  let at = start;
  for (const [, field] of steps.matchAll(STEP)) {
    // Both lists and text have a size, so it implies no shape.
    if (field === 'size') return at;
    at = field === undefined || LIST_PROPERTIES.has(field) ? itemOf(at) : child(at.fields, field);
  }
  return at;
}

function child(uses: Map<string, Use>, name: string): Use {
  const known = uses.get(name) ?? { fields: new Map() };
  uses.set(name, known);
  return known;
}

function itemOf(use: Use): Use {
  use.item ??= { fields: new Map() };
  return use.item;
}

function shapeOf({ item, fields }: Use): Shape {
  if (item) return { kind: 'list', item: shapeOf(item) };
  if (fields.size === 0) return { kind: 'text' };
  return { kind: 'object', fields: new Map([...fields].map(([name, use]) => [name, shapeOf(use)])) };
}

/** An example of that shape in which every text names its own path: `[{"subject": "⟨mails.subject⟩"}]`. */
export function exampleOf(path: string, shape: Shape): JsonValue {
  switch (shape.kind) {
    case 'text':
      return `⟨${path}⟩`;
    case 'list':
      return [exampleOf(path, shape.item)];
    case 'object':
      return Object.fromEntries(
        [...shape.fields].map(([name, field]) => [name, exampleOf(`${path}.${name}`, field)]),
      );
  }
}
