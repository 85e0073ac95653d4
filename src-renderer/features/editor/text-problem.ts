import type { Failure } from '../../rpc';

/** What is wrong with a prompt's text, and where: line and column count from 1, null where the whole text is meant. */
export interface TextProblem {
  readonly field: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

const TEXTS = /^(system_instructions|user_prompt_template|messages[./]\d+)/;

/** The text that a refused render or freeze names, if any. */
export function textProblemOf(failure: Failure | undefined): TextProblem | null {
  const { field, line, column, message } = failure?.data ?? {};
  if (typeof field === 'string' && typeof line === 'number' && typeof column === 'number') {
    return { field, line, column, message: typeof message === 'string' ? message : (failure?.message ?? '') };
  }
  const named = failure?.fields.find(({ path }) => TEXTS.test(path));
  return named ? { field: named.path, line: null, column: null, message: named.message } : null;
}

export function inWords({ line, column, message }: TextProblem): string {
  return line === null ? message : `Line ${String(line)}, column ${String(column)}: ${message}`;
}
