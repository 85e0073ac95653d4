import type { AnySchema } from '@orpc/contract';
import { JsonSchemaCoercer, type JsonSchema } from '@orpc/json-schema';
import { schemaConverter } from './json-schema';

const schemas = new WeakMap<AnySchema, JsonSchema>();
const coercer = new JsonSchemaCoercer();

/** Query values are strings; this turns them into the numbers and booleans that the schema asks for. */
export function coerceQuery(schema: AnySchema, input: unknown): unknown {
  let jsonSchema = schemas.get(schema);
  if (jsonSchema === undefined) {
    jsonSchema = schemaConverter.convert(schema, { strategy: 'input' })[1];
    schemas.set(schema, jsonSchema);
  }
  return coercer.coerce(jsonSchema, input);
}

/**
 * The parameters in a path, by the route's own pattern. They are put over what body or query say, so that a request
 * acts on the record that its path names.
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
