import { hash } from 'node:crypto';
import { validationError } from '../../src-shared/domain';
import { isCanonicalError } from '../../src-shared/domain/canonical';

/**
 * Hashes user input in its canonical form. Input without one (nested too deeply, a lone surrogate) is invalid, not a
 * bug. @throws VALIDATION_FAILED
 */
export function sha256OfInput(canonical: () => string): string {
  try {
    return hash('sha256', canonical());
  } catch (error) {
    if (!isCanonicalError(error)) throw error;
    throw validationError([{ path: '', message: `${error.message} (${error.code})` }]);
  }
}
