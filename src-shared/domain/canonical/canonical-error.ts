/** Why an input has no canonical form (docs/canonical.md#json). */
export type CanonicalErrorCode =
  'INVALID_JSON' | 'DUPLICATE_KEY' | 'LONE_SURROGATE' | 'TOO_DEEP' | 'NUMBER_OUT_OF_RANGE';

const MARK = Symbol.for('prompter.CanonicalError');

/** An input that is refused, never repaired: two readers must not see two values behind one hash. */
export class CanonicalError extends Error {
  readonly code: CanonicalErrorCode;
  /** Where in the text, in UTF-16 code units; absent when the input was a JavaScript value. */
  readonly offset: number | undefined;
  readonly [MARK] = true;

  constructor(code: CanonicalErrorCode, message: string, offset?: number) {
    super(offset === undefined ? message : `${message} (at offset ${offset})`);
    this.name = 'CanonicalError';
    this.code = code;
    this.offset = offset;
  }
}

/** True for a CanonicalError of any realm or bundle copy (the mark is a registered symbol, not the class). */
export function isCanonicalError(error: unknown): error is CanonicalError {
  return typeof error === 'object' && error !== null && MARK in error;
}
