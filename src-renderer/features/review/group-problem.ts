import type { ReviewGroup } from '../../../src-shared/domain';

/** A group's problem, without the validator's leading phrase. */
export function groupProblem({ kind, problem }: Pick<ReviewGroup, 'kind' | 'problem'>): string {
  return kind === 'schema_mismatch' ? `Schema mismatch: ${problem.replace(/^\/ /, '')}` : problem;
}
