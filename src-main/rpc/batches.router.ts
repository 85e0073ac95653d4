import type { Core } from '../ports';
import type { Implementer } from './base';
import { startedStream } from './event-queue';

export function batchesRouter(os: Implementer['batches'], { batches }: Core) {
  return os.router({
    start: os.start.handler(({ input }) => batches.start(input)),
    estimate: os.estimate.handler(({ input }) => batches.estimate(input)),
    list: os.list.handler(({ input }) => batches.list(input)),
    get: os.get.handler(({ input }) => batches.get(input.batch_id)),
    runs: os.runs.handler(({ input }) => batches.runs(input)),
    rows: os.rows.handler(({ input }) => batches.rows(input)),
    events: os.events.handler(({ input, signal }) => startedStream(batches.events(input.batch_id, signal))),
    pause: os.pause.handler(({ input }) => batches.pause(input.batch_id)),
    resume: os.resume.handler(({ input }) =>
      batches.resume(input.batch_id, { retryUnknown: input.retry_unknown }),
    ),
    cancel: os.cancel.handler(({ input }) => batches.cancel(input.batch_id)),
    retryFailed: os.retryFailed.handler(({ input }) => batches.retryFailed(input.batch_id)),
  });
}
