import type { Failure } from '../../rpc';

/** A place in one of the prompts that Liquid refuses. Lines and columns count from 1. */
export interface TextProblem {
  readonly field: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The place that a refused render or freeze names, if it names one. */
export function textProblemOf(failure: Failure | undefined): TextProblem | null {
  const { field, line, column, message } = failure?.data ?? {};
  if (typeof field !== 'string' || typeof line !== 'number' || typeof column !== 'number') return null;
  return { field, line, column, message: typeof message === 'string' ? message : (failure?.message ?? '') };
}
