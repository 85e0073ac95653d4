import { validationError } from '../../src-shared/domain';

/** Schemas refuse what is nested deeper; looking stops here, so that it never runs out of stack itself. */
const MAX_DEPTH = 600;

/**
 * Half a surrogate pair is no character: a database, a hash and a provider each make something else of it, so that what
 * is kept would not be what was given. It is refused before anything is done, in every field of every procedure.
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

/** The way to the first text, or the first name of a field, that is not well formed; null where all are. */
function pathToHalfPair(value: unknown, levels: number): string[] | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : [];
  if (typeof value !== 'object' || value === null || levels === 0) return null;
  for (const [key, inner] of Object.entries(value)) {
    const path = key.isWellFormed() ? pathToHalfPair(inner, levels - 1) : [];
    if (path !== null) return [key.toWellFormed(), ...path];
  }
  return null;
}
