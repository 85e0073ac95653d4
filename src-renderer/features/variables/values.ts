import type { JsonValue } from '../../../src-shared/domain';
import type { Shape } from './shapes';

/**
 * The value that a person means by what is typed. Lists and objects are typed as JSON, but only where the template
 * uses the variable as one: elsewhere a text in brackets is that text.
 */
export function valueOf(typed: string, shape: Shape | undefined): JsonValue {
  if (!isJsonExpected(typed, shape)) return typed;
  try {
    const value: JsonValue = JSON.parse(typed);
    return value;
  } catch {
    return typed;
  }
}

/** Why what is typed is not the list or object that it begins as. */
export function valueProblem(typed: string, shape: Shape | undefined): string | undefined {
  if (!isJsonExpected(typed, shape)) return undefined;
  try {
    JSON.parse(typed);
    return undefined;
  } catch (error) {
    return `Not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isJsonExpected(typed: string, shape: Shape | undefined): boolean {
  return shape !== undefined && shape.kind !== 'text' && /^\s*[[{]/.test(typed);
}
