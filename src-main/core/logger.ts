import { timestampOf } from '../../src-shared/domain';
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock, Logger } from '../ports';
import type { SecretRegistry } from './secret-registry';

/** At most two files of this size are kept. */
const MAX_BYTES = 5_000_000;

/** JSON lines in a file, with secrets redacted by value. A failure to write the log never disturbs the caller. */
export function createFileLogger(options: { path: string; clock: Clock; secrets: SecretRegistry }): Logger {
  const { path, clock, secrets } = options;
  return {
    log(level, event, fields = {}) {
      if (level === 'debug') return;
      const line = { at: timestampOf(clock.now()), level, event, ...readable(fields) };
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        rotate(path);
        appendFileSync(path, `${secrets.redact(JSON.stringify(line))}\n`, { mode: 0o600 });
      } catch {
        // Nothing useful can be done about a log that cannot be written.
      }
    },
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_BYTES) renameSync(path, `${path}.1`);
}

/** Errors have no enumerable properties, so the readable ones are picked by name. */
function readable(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
    ]),
  );
}
