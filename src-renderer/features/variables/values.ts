import type { JsonValue } from '../../../src-shared/domain';
import { readExactJson } from '../../../src-shared/files';
import type { Shape } from './shapes';

/**
 * The value that a person means by what is typed. Lists and objects are typed as JSON, but only where the template
 * uses the variable as one: elsewhere a text in brackets is that text.
 */
export function valueOf(typed: string, shape: Shape | undefined): JsonValue {
  const json = isJsonExpected(typed, shape) ? readExactJson(typed) : null;
  return json?.ok === true ? json.value : typed;
}

/** Why what is typed is not the list or object that it begins as, or could not be sent as it stands there. */
export function valueProblem(typed: string, shape: Shape | undefined): string | undefined {
  const json = isJsonExpected(typed, shape) ? readExactJson(typed) : null;
  if (json === null || json.ok) return undefined;
  return `JSON, line ${json.problem.line ?? 1}, ${json.problem.message}`;
}

/** The first of some values that cannot be sent as it stands there, by its name and why; null where all can. */
export function firstProblem(
  values: Readonly<Record<string, JsonValue>>,
  shapes: ReadonlyMap<string, Shape>,
): string | null {
  for (const [name, value] of Object.entries(values)) {
    const problem = typeof value === 'string' ? valueProblem(value, shapes.get(name)) : undefined;
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return null;
}

function isJsonExpected(typed: string, shape: Shape | undefined): boolean {
  return shape !== undefined && shape.kind !== 'text' && /^\s*[[{]/.test(typed);
}
