import { hash } from 'node:crypto';
import { validationError } from '../../src-shared/domain';
import { canonicalJsonOfValue, isCanonicalError } from '../../src-shared/domain/canonical';
import { isRecord } from '../../src-shared/domain/json/is-record';

/** Hashes user input in its canonical form. @throws VALIDATION_FAILED */
export function sha256OfInput(canonical: () => string): string {
  return hash('sha256', canonicalOfInput(canonical));
}

/**
 * Hashes a request so that another one never has its hash. The canonical form rounds numbers; where it has rounded one, the
 * exact JSON is hashed instead. @throws VALIDATION_FAILED
 */
export function exactSha256Of(request: unknown): string {
  const canonical = canonicalOfInput(() => canonicalJsonOfValue(request));
  const exact = sortedJson(request);
  return hash('sha256', sortedJson(JSON.parse(canonical)) === exact ? canonical : exact);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
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
