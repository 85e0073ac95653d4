import type { Variables } from '../../../../src-shared/domain';
import { firstProblem, valueOf } from '../../../../src-shared/files/variables';
import { draftShapes } from '../draft-shapes';
import type { EditorState } from '../draft-store';

type Values = Pick<EditorState, 'draft' | 'partials' | 'fixtures' | 'variables' | 'optionalVariables'>;

/** The state with the variables of what is typed now, though nobody has paused since. */
export function withTypedVariables(state: EditorState): EditorState {
  if (state.variablesOf === state.draft) return state;
  return { ...state, variables: [...draftShapes(state.draft, state.partials).keys()] };
}

/** The variables that a run needs and that have no value. */
export function missingValues({
  variables,
  optionalVariables,
  fixtures,
}: Pick<Values, 'variables' | 'optionalVariables' | 'fixtures'>): string[] {
  return variables.filter((name) => !fixtures[name] && !optionalVariables.includes(name));
}

/** Why the values cannot be sent; null if they can. */
export function valuesRefusal(state: Values): string | null {
  const missing = missingValues(state);
  if (missing.length > 0) return `Enter a value in Preview for: ${missing.join(', ')}.`;
  const given = Object.fromEntries(state.variables.map((name) => [name, state.fixtures[name] ?? '']));
  return firstProblem(given, draftShapes(state.draft, state.partials));
}

/** The values typed under Preview, in the shapes that the template expects. */
export function valuesOf({ draft, partials, fixtures, variables, optionalVariables }: Values): Variables {
  const shapes = draftShapes(draft, partials);
  const given = variables.filter((name) => fixtures[name] || !optionalVariables.includes(name));
  return Object.fromEntries(given.map((name) => [name, valueOf(fixtures[name] ?? '', shapes.get(name))]));
}
