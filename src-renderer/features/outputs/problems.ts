import type { TextProblem } from '../../../src-shared/domain';
import type { JsonProblem } from '../../ui';

const ROOT = /^corrected_json(?=\/|$)/;

/** What is wrong with values of a JSON output, by their pointers; what is wrong with the text as a whole is not among it. */
export function problemsOf(problems: readonly TextProblem[]): JsonProblem[] {
  return problems
    .filter(({ path }) => ROOT.test(path))
    .map(({ path, message }) => ({ pointer: path.replace(ROOT, ''), message }));
}
