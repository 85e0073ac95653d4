import { LiquidError } from 'liquidjs';

/** What is wrong with a text, in words, and where. Lines and columns count from 1. */
export interface SyntaxProblem {
  readonly kind: 'syntax' | 'limit';
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Undefined for a missing variable, which is a fault of the values, and for what the engine did not throw. */
export function syntaxProblemOf(error: unknown): SyntaxProblem | undefined {
  if (missingVariableOf(error) !== undefined) return undefined;
  if (!LiquidError.is(error)) return undefined;
  const [line = 1, column = 1] = error.token.getPosition();
  const root = rootOf(error);
  if (root instanceof RangeError) return { kind: 'limit', message: 'it is nested too deeply', line, column };
  const message = root.message.replace(/, (file:.*, )?line:\d+, col:\d+$/, '');
  const kind = /^(parse length|template render|memory alloc) limit exceeded$/.test(message)
    ? 'limit'
    : 'syntax';
  return { kind, message, line, column };
}

/** The variable that was asked for and not given, as in `user.name`; undefined for any other error. */
export function missingVariableOf(error: unknown): string | undefined {
  const root = rootOf(error);
  return 'variableName' in root && typeof root.variableName === 'string' ? root.variableName : undefined;
}

/** The engine wraps errors on their way out; the innermost says what happened. */
function rootOf(error: unknown): Error {
  let root = error instanceof Error ? error : new Error(String(error));
  while (LiquidError.is(root) && root.originalError) root = root.originalError;
  return root;
}
