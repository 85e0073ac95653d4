import { phrase } from './answer-text';
import { sampleOfPattern } from './pattern-sample';
import type { Random } from './prng';
import { isRecord, listOf, numberOf, recordOf, textOf } from '../vendors/wire-value';
import type { WireRecord } from '../vendors/wire-value';

export interface SampleContext {
  readonly random: Random;
  readonly topic: string;
  /** Text for an unconstrained string field; a short phrase by default. */
  readonly freeText?: (name: string) => string;
}

// Below this depth, recursive schemas stop growing: no optional properties, arrays of minimum length.
const FULL_DEPTH = 4;
const LAST_DEPTH = 24;
// Stops hostile schemas that multiply: nested long arrays, an `allOf` containing itself.
const NODE_BUDGET = 20_000;
const LONGEST_TEXT = 100_000;

/**
 * A value that satisfies a JSON Schema (2020-12 core, plus OpenAPI's upper-case types and `nullable`).
 * Ignores `not`, `if`, `contains`, `patternProperties`, `dependent*`.
 */
export function sampleJson(schema: unknown, context: SampleContext): unknown {
  return sample(schema, { ...context, root: schema, budget: { left: NODE_BUDGET } }, '', 0);
}

type Inner = SampleContext & { readonly root: unknown; readonly budget: { left: number } };

function sample(schema: unknown, context: Inner, name: string, depth: number): unknown {
  context.budget.left -= 1;
  if (context.budget.left < 0 || depth > LAST_DEPTH) return null;
  if (!isRecord(schema)) return schema === true ? freeText(context, name) : null;
  const resolved = resolve(schema, context, depth);
  if ('const' in resolved) return resolved['const'];
  const choices = listOf(resolved['enum']);
  if (choices.length > 0) return choices[context.random.int(choices.length)];
  switch (typeOf(resolved, context, depth)) {
    case 'object':
      return sampleObject(resolved, context, depth);
    case 'array':
      return sampleArray(resolved, context, name, depth);
    case 'integer':
      return sampleNumber(resolved, context, name, true);
    case 'number':
      return sampleNumber(resolved, context, name, false);
    case 'boolean':
      return context.random.int(2) === 1;
    case 'null':
      return null;
    default:
      return sampleString(resolved, context, name);
  }
}

/** Follows `$ref`, merges `allOf`, and picks one of `anyOf`/`oneOf`, the simplest at depth. */
function resolve(schema: WireRecord, context: Inner, depth: number): WireRecord {
  let current = schema;
  if (depth > LAST_DEPTH) return current;
  for (let steps = 0; steps < 32 && context.budget.left > 0; steps += 1) {
    context.budget.left -= 1;
    const reference = textOf(current['$ref']);
    if (reference !== undefined) {
      const { $ref: _, ...rest } = current;
      current = merge(recordOf(pointer(context.root, reference)), rest);
      continue;
    }
    const all = listOf(current['allOf']);
    if (all.length > 0) {
      const { allOf: _, ...rest } = current;
      current = all.reduce<WireRecord>(
        (sum, part) => merge(sum, resolve(recordOf(part), context, depth + 1)),
        rest,
      );
      continue;
    }
    const key =
      listOf(current['anyOf']).length > 0
        ? 'anyOf'
        : listOf(current['oneOf']).length > 0
          ? 'oneOf'
          : undefined;
    if (key === undefined) return current;
    const variants = listOf(current[key]);
    const simple = depth >= FULL_DEPTH ? variants.find((variant) => isScalar(variant)) : undefined;
    const { [key]: _, ...rest } = current;
    current = merge(rest, recordOf(simple ?? variants[context.random.int(variants.length)]));
  }
  return current;
}

function merge(base: WireRecord, extra: WireRecord): WireRecord {
  return {
    ...base,
    ...extra,
    ...(isRecord(base['properties']) && isRecord(extra['properties'])
      ? { properties: { ...base['properties'], ...extra['properties'] } }
      : {}),
    ...(Array.isArray(base['required']) && Array.isArray(extra['required'])
      ? { required: [...listOf(base['required']), ...listOf(extra['required'])] }
      : {}),
  };
}

function isScalar(schema: unknown): boolean {
  const type = recordOf(schema)['type'];
  return typeof type === 'string' && !['object', 'array'].includes(type.toLowerCase());
}

/** A JSON pointer in a fragment: `#/$defs/Node`. */
function pointer(root: unknown, reference: string): unknown {
  let value = root;
  for (const part of reference.replace(/^#\/?/, '').split('/')) {
    if (part === '') continue;
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? listOf(value)[Number(key)] : recordOf(value)[key];
  }
  return value;
}

function typeOf(schema: WireRecord, context: Inner, depth: number): string {
  const types = (typeof schema['type'] === 'string' ? [schema['type']] : listOf(schema['type']))
    .filter((type) => typeof type === 'string')
    .map((type) => type.toLowerCase());
  if (types.length > 1 && depth >= FULL_DEPTH && types.includes('null')) return 'null';
  const values = types.filter((type) => type !== 'null');
  const type = values[values.length > 1 ? context.random.int(values.length) : 0] ?? types[0];
  if (type !== undefined) return type;
  if ('properties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  if ('minimum' in schema || 'maximum' in schema || 'multipleOf' in schema) return 'number';
  return 'string';
}

function sampleObject(schema: WireRecord, context: Inner, depth: number): WireRecord {
  const properties = recordOf(schema['properties']);
  const required = new Set(listOf(schema['required']));
  const entries: [string, unknown][] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (depth > FULL_DEPTH && !required.has(name)) continue;
    entries.push([name, sample(property, context, name, depth + 1)]);
    required.delete(name);
  }
  for (const name of required) {
    if (typeof name !== 'string') continue;
    const extra = schema['additionalProperties'];
    entries.push([name, isRecord(extra) ? sample(extra, context, name, depth + 1) : freeText(context, name)]);
  }
  // fromEntries defines own properties, so a property named `__proto__` stays data.
  return Object.fromEntries(entries);
}

function sampleArray(schema: WireRecord, context: Inner, name: string, depth: number): unknown[] {
  const least = numberOf(schema['minItems']) ?? 0;
  const most = numberOf(schema['maxItems']) ?? Infinity;
  const prefix = listOf(schema['prefixItems']);
  const wanted = depth >= FULL_DEPTH ? least : Math.max(least, prefix.length, 2 + context.random.int(3));
  const length = Math.min(wanted, most, 1_000);
  const unique = schema['uniqueItems'] === true;
  const seen = new Set<string>();
  const items: unknown[] = [];
  for (let attempt = 0; items.length < length && attempt < length * 20; attempt += 1) {
    const itemSchema = prefix[items.length] ?? schema['items'] ?? true;
    if (itemSchema === false) break;
    const item = sample(itemSchema, context, name.replace(/s$/, ''), depth + 1);
    const key = unique ? JSON.stringify(item) : '';
    if (unique && seen.has(key)) continue;
    seen.add(key);
    items.push(item);
  }
  return items;
}

function sampleNumber(schema: WireRecord, context: Inner, name: string, whole: boolean): number {
  const step = numberOf(schema['multipleOf']) ?? (whole ? 1 : 0.01);
  const above = numberOf(schema['exclusiveMinimum']);
  const below = numberOf(schema['exclusiveMaximum']);
  const low = Math.max(numberOf(schema['minimum']) ?? -Infinity, above ?? -Infinity);
  const high = Math.min(numberOf(schema['maximum']) ?? Infinity, below ?? Infinity);
  const span = /score|confidence|probability|share|ratio/i.test(name) && !whole ? 1 : 100;
  const from = low > -Infinity ? low : high < Infinity ? Math.min(0, high - span) : 0;
  const to = high < Infinity ? high : from + span;
  let first = Math.ceil(from / step);
  let last = Math.floor(to / step);
  if (above !== undefined && first * step <= above) first += 1;
  if (below !== undefined && last * step >= below) last -= 1;
  // A range narrower than the step may have no multiple of it: take the middle.
  if (last < first) return (from + to) / 2;
  const value = (first + context.random.int(last - first + 1)) * step;
  // Removes binary rounding noise, as in 0.07 * 100.
  return Number(value.toPrecision(12));
}

const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  date: (r) => `2026-${pad(1 + r.int(12))}-${pad(1 + r.int(28))}`,
  time: (r) => `${pad(r.int(24))}:${pad(r.int(60))}:00Z`,
  'date-time': (r) =>
    `2026-${pad(1 + r.int(12))}-${pad(1 + r.int(28))}T${pad(r.int(24))}:${pad(r.int(60))}:00Z`,
  duration: (r) => `P${1 + r.int(30)}D`,
  email: (r) => `person.${r.hex(4)}@example.com`,
  hostname: (r) => `host-${r.hex(4)}.example.com`,
  ipv4: (r) => `192.0.2.${1 + r.int(254)}`,
  ipv6: (r) => `2001:db8::${r.hex(4)}`,
  uri: (r) => `https://example.com/${r.hex(8)}`,
  'uri-reference': (r) => `/${r.hex(8)}`,
  uuid: (r) => `${r.hex(8)}-${r.hex(4)}-4${r.hex(3)}-a${r.hex(3)}-${r.hex(12)}`,
};

function sampleString(schema: WireRecord, context: Inner, name: string): string {
  const least = Math.min(numberOf(schema['minLength']) ?? 0, LONGEST_TEXT);
  const most = numberOf(schema['maxLength']) ?? Infinity;
  const format = FORMATS[textOf(schema['format']) ?? ''];
  if (format !== undefined) return format(context.random);
  const pattern = textOf(schema['pattern']);
  const matching = pattern === undefined ? undefined : sampleOfPattern(pattern, least);
  if (matching !== undefined) return matching;
  let text = freeText(context, name);
  // JSON Schema counts code points.
  let points = Array.from(text);
  if (points.length < least) {
    text = text.padEnd(text.length + least - points.length, ' and so on');
    points = Array.from(text);
  }
  return points.length <= most ? text : points.slice(0, most).join('');
}

function freeText(context: SampleContext, name: string): string {
  return context.freeText?.(name) ?? phrase(name, context.topic, context.random);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
