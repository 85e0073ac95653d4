import { validationError } from '../../src-shared/domain';

/** Schemas reject deeper nesting; stopping here keeps this function from overflowing the stack. */
const MAX_DEPTH = 600;

/**
 * A lone surrogate is not a character: a database, a hash and a provider each turn it into something else, so what is
 * stored would not be what was given. Rejected up front, in every field of every procedure.
 * @throws VALIDATION_FAILED naming the field
 */
export function assertWellFormed(input: unknown): void {
  const path = pathToHalfPair(input, MAX_DEPTH);
  if (path === null) return;
  throw validationError([
    {
      path: path.join('.'),
      message: 'contains half a surrogate pair, which is not valid Unicode: enter it again',
    },
  ]);
}

/** The path to the first ill-formed text or field name; null if there is none. */
function pathToHalfPair(value: unknown, levels: number): string[] | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : [];
  if (typeof value !== 'object' || value === null || levels === 0) return null;
  for (const [key, inner] of Object.entries(value)) {
    const path = key.isWellFormed() ? pathToHalfPair(inner, levels - 1) : [];
    if (path !== null) return [key.toWellFormed(), ...path];
  }
  return null;
}
