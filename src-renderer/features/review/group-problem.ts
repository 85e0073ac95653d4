import type { ReviewGroup } from '../../../src-shared/domain';

/** What is wrong with the answers of a group, without a validator's phrase at its head. */
export function groupProblem({ kind, problem }: Pick<ReviewGroup, 'kind' | 'problem'>): string {
  return kind === 'schema_mismatch' ? `Schema mismatch: ${problem.replace(/^\/ /, '')}` : problem;
}
