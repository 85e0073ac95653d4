import { hash } from 'node:crypto';
import { validationError } from '../../src-shared/domain';
import { isCanonicalError } from '../../src-shared/domain/canonical';

/**
 * The hash of what somebody gave in its canonical form. What has none (nested too deeply, half a surrogate pair) is bad
 * input and no bug. @throws VALIDATION_FAILED
 */
export function sha256OfInput(canonical: () => string): string {
  try {
    return hash('sha256', canonical());
  } catch (error) {
    if (!isCanonicalError(error)) throw error;
    throw validationError([{ path: '', message: `${error.message} (${error.code})` }]);
  }
}
