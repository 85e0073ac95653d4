import type { VerifyEvent } from '../../src-shared/contract';
import type { Core } from '../ports';
import type { Implementer } from './base';
import { createEventQueue } from './event-queue';

export function auditRouter(os: Implementer['audit'], { audit }: Core) {
  return os.router({
    checkpoint: os.checkpoint.handler(() => audit.checkpoint()),
    export: os.export.handler(async () => (await audit.export()).file),
    verifier: os.verifier.handler(
      () => new File([audit.verifier], 'verify_audit.py', { type: 'application/octet-stream' }),
    ),
    list: os.list.handler(({ input }) => audit.list(input)),
    entry: os.entry.handler(({ input }) => audit.entry(input.seq)),
    proof: os.proof.handler(({ input }) => audit.proof(input.seq)),
    verifyEvents: os.verifyEvents.handler(({ signal }) => verifying(audit, signal)),
    verify: os.verify.handler(({ signal }) => audit.verify({ signal })),
  });
}

/** Progress as it comes, then the report. Whoever stops listening stops the work. */
async function* verifying(
  audit: Core['audit'],
  signal: AbortSignal | undefined,
): AsyncGenerator<VerifyEvent, void> {
  const events = createEventQueue<VerifyEvent>();
  const left = new AbortController();
  const stop = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const total = audit.size();
  audit
    .verify({
      signal: stop,
      onProgress: (entries) => events.push({ type: 'progress', entries, total: Math.max(total, entries) }),
    })
    .then((report) => {
      events.push({ type: 'done', report });
      events.end();
    })
    .catch((error: unknown) => events.fail(error));
  try {
    yield* events;
  } finally {
    left.abort();
  }
}
