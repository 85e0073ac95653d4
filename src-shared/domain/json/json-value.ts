import * as z from 'zod';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/*
 * Checked by hand: `z.json()` and `z.record()` leave out a key named `__proto__`, which is an ordinary one
 * (docs/canonical.md#json), and run out of stack on deep nesting.
 */

/** Any JSON value. */
export const jsonValueSchema: z.ZodType<JsonValue> = z
  .custom<JsonValue>()
  .superRefine(refuseNonJson)
  .meta({ description: 'Any JSON value' });

export const jsonObjectSchema: z.ZodType<JsonObject> = z
  .custom<JsonObject>(isPlainObject, { error: 'must be a JSON object', abort: true })
  .superRefine(refuseNonJson)
  .meta({ description: 'A JSON object' });

/** Deeper is refused, so that nothing that walks a value later runs out of stack. A circle has no end either. */
const MAX_DEPTH = 500;

function refuseNonJson(root: unknown, context: z.core.$RefinementCtx): void {
  const path = pathToNonJson(root, MAX_DEPTH);
  if (path === null) return;
  const message =
    path.length < MAX_DEPTH ? 'must be a JSON value' : `is nested deeper than ${MAX_DEPTH} levels`;
  context.addIssue({ code: 'custom', path: path.length < MAX_DEPTH ? path : path.slice(0, 1), message });
}

/** The first place that JSON has nothing for, or that is too deep; null where all is well. */
function pathToNonJson(value: unknown, levels: number): (string | number)[] | null {
  if (isScalar(value)) return null;
  if (levels === 0) return [];
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const path = pathToNonJson(value[index], levels - 1);
      if (path) return [index, ...path];
    }
    return null;
  }
  if (!isPlainObject(value)) return [];
  for (const key of Object.keys(value)) {
    const path = pathToNonJson(value[key], levels - 1);
    if (path) return [key, ...path];
  }
  return null;
}

function isScalar(value: unknown): boolean {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
