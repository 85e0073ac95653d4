import type { JsonValue, Variables } from '../../domain';
import { readExactJson } from '../exact-json';
import { read, refused, type Reading } from '../reading';
import type { Shape } from './shapes';

/**
 * The value meant by typed text. Lists and objects are typed as JSON, but only for variables that the template uses
 * as such; elsewhere text in brackets is just text.
 */
export function valueOf(typed: string, shape: Shape | undefined): JsonValue {
  const json = isJsonExpected(typed, shape) ? readExactJson(typed) : null;
  return json?.ok === true ? json.value : typed;
}

/** Why the typed text is not valid as a list or object, or could not be sent unchanged. */
export function valueProblem(typed: string, shape: Shape | undefined): string | undefined {
  const json = isJsonExpected(typed, shape) ? readExactJson(typed) : null;
  if (json === null || json.ok) return undefined;
  return `JSON, line ${json.problem.line ?? 1}, ${json.problem.message}`;
}

/** Rows with the values that their texts mean. The first that could not be sent unchanged is refused. */
export function meantRows(
  rows: readonly Variables[],
  shapes: ReadonlyMap<string, Shape>,
): Reading<Variables[]> {
  for (const [index, row] of rows.entries()) {
    const problem = firstProblem(row, shapes);
    if (problem !== null) return refused(`row ${index + 1}, ${problem}`);
  }
  return read(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'string' ? valueOf(value, shapes.get(name)) : value,
        ]),
      ),
    ),
  );
}

/** Name and problem of the first value that could not be sent unchanged; null if there is none. */
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
