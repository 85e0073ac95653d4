import type { TextProblem } from '../../../src-shared/domain';
import type { JsonProblem } from '../../ui';

const ROOT = /^corrected_json(?=\/|$)/;

/** Problems of values within a JSON output, by pointer; problems of the text as a whole are left out. */
export function problemsOf(problems: readonly TextProblem[]): JsonProblem[] {
  return problems
    .filter(({ path }) => ROOT.test(path))
    .map(({ path, message }) => ({ pointer: path.replace(ROOT, ''), message }));
}
