import { LiquidError } from 'liquidjs';

/** What is wrong with a template's text, and where. Lines and columns start at 1. */
export interface SyntaxProblem {
  readonly kind: 'syntax' | 'limit';
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Undefined for a missing variable, which is a problem of the values, and for errors from elsewhere. */
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

/** The missing variable, as in `user.name`; undefined for any other error. */
export function missingVariableOf(error: unknown): string | undefined {
  const root = rootOf(error);
  return 'variableName' in root && typeof root.variableName === 'string' ? root.variableName : undefined;
}

/** The engine wraps errors on their way out; the innermost one says what happened. */
function rootOf(error: unknown): Error {
  let root = error instanceof Error ? error : new Error(String(error));
  while (LiquidError.is(root) && root.originalError) root = root.originalError;
  return root;
}
