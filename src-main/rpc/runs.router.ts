import type { Run } from '../../src-shared/domain';
import type { Core } from '../ports';
import type { Implementer } from './base';
import { createEventQueue, startedStream } from './event-queue';
import { withIdempotencyKey } from './idempotency';

type StreamEvent = { type: 'delta'; text: string } | { type: 'run'; run: Run };

export function runsRouter(os: Implementer['runs'], { runs, templates }: Core) {
  return os.router({
    start: os.start.handler(async ({ input, context, signal }) => {
      const { run, replayed } = await runs.start(withIdempotencyKey(input, context), { signal });
      if (replayed) context.respond.status = 200;
      return run;
    }),
    list: os.list.handler(async ({ input }) => {
      if (input.q !== undefined) await runs.prepareSearch();
      return runs.list(input);
    }),
    listOfTemplate: os.listOfTemplate.handler(({ input }) => {
      // An unknown template is an error here, unlike in a filter.
      templates.get(input.template_id);
      return runs.list(input);
    }),
    get: os.get.handler(({ input }) => runs.get(input.run_id)),
    raw: os.raw.handler(({ input }) => {
      const { bytes, contentType } = runs.raw(input.run_id);
      return new File([new Uint8Array(bytes)], `run-${input.run_id}`, { type: contentType });
    }),
    reparse: os.reparse.handler(({ input }) => runs.reparse(input.run_id)),
    rebuild: os.rebuild.handler(({ input, signal }) => runs.rebuild(input, signal)),
    stream: os.stream.handler(({ input, context, signal }) => {
      const events = createEventQueue<StreamEvent>();
      runs
        .start(
          { ...withIdempotencyKey(input, context), stream: true },
          { signal, onText: (text) => events.push({ type: 'delta', text }) },
        )
        .then(({ run }) => {
          events.push({ type: 'run', run });
          events.end();
        })
        .catch(events.fail);
      return startedStream(events);
    }),
  });
}
