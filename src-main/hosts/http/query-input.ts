import type { AnySchema } from '@orpc/contract';
import { JsonSchemaCoercer, type JsonSchema } from '@orpc/json-schema';
import { AppError, suggestion } from '../../../src-shared/domain';
import { schemaConverter } from './json-schema';

const schemas = new WeakMap<AnySchema, JsonSchema>();
const coercer = new JsonSchemaCoercer();

function jsonSchemaOf(schema: AnySchema): JsonSchema {
  let jsonSchema = schemas.get(schema);
  if (jsonSchema === undefined) {
    jsonSchema = schemaConverter.convert(schema, { strategy: 'input' })[1];
    schemas.set(schema, jsonSchema);
  }
  return jsonSchema;
}

/** Coerces query strings to the numbers and booleans of the schema. */
export function coerceQuery(schema: AnySchema, input: unknown): unknown {
  return withDecimalsOnly(input, coercer.coerce(jsonSchemaOf(schema), input));
}

const DECIMAL = /^-?\d+$/;

/** JavaScript also accepts `0x10`, `1e2` and ` 5` as numbers: these stay strings, which the schema rejects. */
function withDecimalsOnly(given: unknown, read: unknown): unknown {
  if (typeof given === 'string') return typeof read === 'number' && !DECIMAL.test(given) ? given : read;
  if (!isObject(given) || !isObject(read)) return read;
  const values = Object.entries(read).map(([name, value]) => [name, withDecimalsOnly(given[name], value)]);
  return Array.isArray(read) ? values.map(([, value]) => value) : Object.fromEntries(values);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * Rejects a misspelt filter by name; ignoring it would return everything.
 * @param schema of the route's input; undefined if it has none
 * @throws UNKNOWN_PARAMETER
 */
export function assertKnownParameters(
  route: { readonly method?: string | undefined; readonly path?: string | undefined },
  schema: AnySchema | undefined,
  query: URLSearchParams,
): void {
  if (query.size === 0) return;
  const known = route.method === 'GET' && schema !== undefined ? parametersOf(schema, route.path ?? '') : [];
  // `a[b]` and `a[]` belong to parameter `a`.
  const given = new Set([...query.keys()].map((name) => name.split('[', 1)[0] ?? name));
  const unknown = [...given].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const fields = unknown.map((path) => ({
    path,
    message: `is not a known parameter${suggestion(path, known)}`,
  }));
  const said = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const takes = known.length === 0 ? 'takes no parameters' : `takes ${known.join(', ')}`;
  throw new AppError('UNKNOWN_PARAMETER', `${said} (${route.method} ${route.path} ${takes})`, {
    data: { fields, known },
  });
}

/** The query parameters of a route: its input, less what the path provides. */
function parametersOf(schema: AnySchema, path: string): string[] {
  const jsonSchema = jsonSchemaOf(schema);
  const properties = typeof jsonSchema === 'object' ? Object.keys(jsonSchema.properties ?? {}) : [];
  return properties.filter((name) => !path.includes(`{${name}}`));
}

/**
 * The path's parameters, by the route's own pattern. They override body and query, so that a request acts on the record
 * named in its path.
 */
export function pathParameters(pattern: string, pathname: string): Record<string, string> {
  const names = pattern.split('/');
  const values = pathname.split('/');
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const parameter = /^\{(.+)\}$/.exec(name)?.[1];
      return parameter === undefined ? [] : [[parameter, decodeURIComponent(values[index] ?? '')]];
    }),
  );
}
