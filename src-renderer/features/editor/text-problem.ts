import type { Failure } from '../../rpc';

/** Position of a Liquid syntax error in a prompt; line and column count from 1. */
export interface TextProblem {
  readonly field: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The position named by a refused render or freeze, if any. */
export function textProblemOf(failure: Failure | undefined): TextProblem | null {
  const { field, line, column, message } = failure?.data ?? {};
  if (typeof field !== 'string' || typeof line !== 'number' || typeof column !== 'number') return null;
  return { field, line, column, message: typeof message === 'string' ? message : (failure?.message ?? '') };
}
