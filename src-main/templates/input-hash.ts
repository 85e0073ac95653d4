import { hash } from 'node:crypto';
import { validationError } from '../../src-shared/domain';
import { isCanonicalError } from '../../src-shared/domain/canonical';

/** Hashes user input in its canonical form. @throws VALIDATION_FAILED */
export function sha256OfInput(canonical: () => string): string {
  return hash('sha256', canonicalOfInput(canonical));
}

/**
 * Writes user input in its canonical form. Input without one (nested too deeply, a lone surrogate) is invalid, not a
 * bug. @throws VALIDATION_FAILED
 */
export function canonicalOfInput(canonical: () => string): string {
  try {
    return canonical();
  } catch (error) {
    if (!isCanonicalError(error)) throw error;
    throw validationError([{ path: '', message: `${error.message} (${error.code})` }]);
  }
}
