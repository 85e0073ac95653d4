import { Liquid, Value, type Template as LiquidNode } from 'liquidjs';
import { AppError, validationError } from '../../../src-shared/domain';
import { syntaxProblemOf, type SyntaxProblem } from './error';
import { keepDatesInUtc } from './dates';
import { refuseNonNumbers } from './numbers';
import { countLinesOnce } from './positions';
import { everyNode, NO_PARTIALS, PartialTag, partialTags, type Partials } from './partial-tag';
import { withinTime } from '../within-time';

/** Twice the longest text that a template may have; the limit is the engine's own, per parse. */
const PARSE_LIMIT_CHARACTERS = 2_097_152;
const RENDER_LIMIT_MS = 2_000;
/** Its limit counts characters, but a text of very many tags takes the engine the square of their number. */
const READ_LIMIT_MS = 10_000;
/** Objects that one render may create, counted as the engine counts them. */
const MEMORY_LIMIT = 50_000_000;

/** Up to this length no text can hold the thread for long, and a watch over the time would cost more than reading it. */
const WATCHED_FROM_CHARACTERS = 8_192;

/** Compiled texts kept: a batch renders one template thousands of times, and a long conversation is hundreds of texts. */
const COMPILED_CHARACTERS_KEPT = 16_777_216;

/**
 * Strict and without a file system: an unknown variable or filter is an error instead of an empty string, and no
 * template can read another file (the engine's default looks into the working directory).
 */
function createEngine(): Liquid {
  countLinesOnce();
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    parseLimit: PARSE_LIMIT_CHARACTERS,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    timezoneOffset: 0,
    locale: 'en-US',
    // Named for HTML escaping, this is the engine's only hook on what an output writes. Nothing is escaped.
    outputEscape: outputOf,
  });
  keepDatesInUtc(engine);
  refuseNonNumbers(engine);
  for (const tag of ['include', 'layout', 'block']) delete engine.tags[tag];
  engine.registerTag('render', PartialTag);
  // Random: the same template and variables would give a different prompt each time, and for each target.
  delete engine.filters['sample'];
  return engine;
}

const engine = createEngine();
const compiled = new Map<string, LiquidNode[]>();
let keptCharacters = 0;
/** Of the texts that nodes were parsed from. */
const lengths = new WeakMap<LiquidNode[], number>();

/**
 * What `{{ value }}` writes: Liquid's own form, but an object as its JSON instead of "[object Object]", also inside an
 * array. Arrays are concatenated as Liquid does; `{{ value | json }}` writes one as JSON.
 */
function outputOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'object': {
      if (value === null) return '';
      if (Array.isArray(value)) return value.map(outputOf).join('');
      // `nil`, `empty` and `blank` are objects of the engine that stand for null and for a text.
      const meaning: unknown = value.valueOf();
      if (meaning === null) return '';
      return typeof meaning === 'string' ? meaning : JSON.stringify(meaning);
    }
    default:
      return '';
  }
}

/**
 * @param partials those that the text may use
 * @throws TEMPLATE_SYNTAX with the place, also of a partial that is not among them; RENDER_LIMIT
 */
export function compile(text: string, field: string, partials: Partials = NO_PARTIALS): LiquidNode[] {
  // A text by itself needs no copy to be found.
  const key = partials.key === '' ? text : `${partials.key}\0${text}`;
  const known = compiled.get(key);
  if (known) {
    // Moved to the end, so that the least recently used comes first.
    compiled.delete(key);
    compiled.set(key, known);
    return known;
  }
  const nodes = parse(text, field);
  for (const tag of partialTags(nodes)) {
    tag.nodes = nodesOfPartial(tag, field, partials);
    tag.length = partials.texts.get(tag.partial)?.length ?? 0;
  }
  lengths.set(nodes, text.length);
  keep(key, nodes);
  return nodes;
}

function keep(key: string, nodes: LiquidNode[]): void {
  compiled.set(key, nodes);
  keptCharacters += key.length;
  for (const oldest of compiled.keys()) {
    if (keptCharacters <= COMPILED_CHARACTERS_KEPT || oldest === key) return;
    compiled.delete(oldest);
    keptCharacters -= oldest.length;
  }
}

function parse(text: string, field: string): LiquidNode[] {
  return readInTime(field, text.length, () => {
    const parsed = engine.parse(text);
    for (const value of defaultedValues(parsed)) allowMissing(value);
    return parsed;
  });
}

/** Partials do not use others (`partials.put` refuses that), so none can contain itself. */
function nodesOfPartial({ partial, place }: PartialTag, field: string, { texts }: Partials): LiquidNode[] {
  const text = texts.get(partial);
  if (text !== undefined) return compile(text, `partial ${partial}`);
  const [line, column] = place;
  const message = `there is no partial "${partial}" here`;
  throw syntaxError(field, { message, line, column });
}

/** Names of the partials that a text uses, in order of appearance. @throws TEMPLATE_SYNTAX, RENDER_LIMIT */
export function partialNames(text: string, field: string): string[] {
  if (!text.includes('render')) return [];
  return [...new Set(partialTags(parse(text, field)).map(({ partial }) => partial))];
}

/**
 * `{{ x | default: "a" }}` says what to write without `x`, so there `x` may be missing. The engine's own option for
 * that (`lenientIf`) would also accept a misspelt name in a condition.
 */
function allowMissing(value: Value): void {
  const evaluate = value.value.bind(value);
  value.value = (context) => evaluate(context, true);
}

/** Every value whose first filter is `default`. */
function defaultedValues(nodes: readonly LiquidNode[]): Value[] {
  const found: Value[] = [];
  for (const node of everyNode(nodes)) {
    for (const argument of node.arguments?.() ?? [])
      if (argument instanceof Value && argument.filters[0]?.name === 'default') found.push(argument);
  }
  return found;
}

/**
 * The text is well formed, so what is recorded and hashed is what is sent, byte for byte.
 * @throws TEMPLATE_SYNTAX, RENDER_LIMIT; VALIDATION_FAILED where a filter leaves half a surrogate pair; a missing variable
 * is thrown as the engine throws it
 */
export function renderCompiled(nodes: LiquidNode[], variables: object, field: string): string {
  const text = guarded(field, () => String(engine.renderSync(nodes, variables)));
  if (text.isWellFormed()) return text;
  const at = text.search(/\p{Surrogate}/u) + 1;
  throw validationError([
    {
      path: field,
      message: `renders to text with half a character at position ${at}, which cannot be sent: a filter such as split cut an emoji or a rare character in two`,
    },
  ]);
}

/** A variable that a text reads from outside, with the way into it: `["user", "name"]`. */
export interface VariableUse {
  readonly name: string;
  /** Up to the first part that is only known when it is rendered, as in `rows[index]`. */
  readonly path: readonly (string | number)[];
  /** The text has a default for it. */
  readonly isOptional: boolean;
}

const uses = new WeakMap<LiquidNode[], readonly VariableUse[]>();

/** Every use of a variable that the text does not assign itself, in order of appearance; a partial's are where it is. */
export function variableUses(nodes: LiquidNode[], field: string): readonly VariableUse[] {
  const known = uses.get(nodes) ?? usesFound(nodes, field);
  uses.set(nodes, known);
  return known;
}

function usesFound(nodes: LiquidNode[], field: string): VariableUse[] {
  const { globals } = readInTime(field, lengths.get(nodes) ?? Number.POSITIVE_INFINITY, () =>
    engine.analyzeSync(nodes, { partials: false }),
  );
  const optional = new Set(
    defaultedValues(nodes).flatMap(({ initial }) =>
      initial.postfix.map((token) => token.getPosition().join()),
    ),
  );
  const own = Object.values(globals)
    .flat()
    .map(({ segments, location }) => {
      const dynamicAt = segments.findIndex((segment) => typeof segment === 'object');
      const path = (dynamicAt < 0 ? segments : segments.slice(0, dynamicAt)).filter(
        (segment) => typeof segment !== 'object',
      );
      const isOptional = optional.has([location.row, location.col].join());
      return { ...location, found: [{ name: String(segments[0]), path, isOptional }] };
    });
  const ofPartials = partialTags(nodes).map(({ place: [row, col], nodes: inner, partial }) => ({
    row,
    col,
    found: variableUses(inner, `partial ${partial}`),
  }));
  return [...own, ...ofPartials]
    .toSorted((a, b) => a.row - b.row || a.col - b.col)
    .flatMap(({ found }) => found);
}

function readInTime<T>(field: string, length: number, read: () => T): T {
  if (length < WATCHED_FROM_CHARACTERS) return guarded(field, read);
  const result = withinTime(READ_LIMIT_MS, () => guarded(field, read));
  if (result.ended) return result.value;
  throw new AppError('RENDER_LIMIT', `The ${labelOf(field)} has too many tags and variables.`, {
    data: { field },
  });
}

function guarded<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const problem = syntaxProblemOf(error);
    if (problem === undefined) throw error;
    const { kind, message, line, column } = problem;
    if (kind === 'limit') {
      throw new AppError('RENDER_LIMIT', `The ${labelOf(field)} exceeds a limit: ${message}.`, {
        data: { field, line, column },
        cause: error,
      });
    }
    throw syntaxError(field, { message, line, column }, error);
  }
}

function syntaxError(
  field: string,
  { message, line, column }: Omit<SyntaxProblem, 'kind'>,
  cause?: unknown,
): AppError {
  return new AppError(
    'TEMPLATE_SYNTAX',
    `The ${labelOf(field)} has an error at line ${line}, column ${column}: ${message}.`,
    { data: { field, line, column, message }, cause },
  );
}

function labelOf(field: string): string {
  return field.replaceAll('_', ' ');
}
