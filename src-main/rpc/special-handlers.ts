import type { AnySchema, ContractProcedure, ErrorMap, InferSchemaInput, Meta } from '@orpc/contract';
import type { ProcedureHandler } from '@orpc/server';
import type { Contract, VerifyEvent } from '../../src-shared/contract';
import type { RetryWait, Run } from '../../src-shared/domain';
import type { Core, InputOf, Special } from '../ports';
import { createEventQueue, openStream, startedStream } from './event-queue';
import { withIdempotencyKey } from './idempotency';
import type { RequestContext } from './request-context';

export type Handler<Procedure> =
  Procedure extends ContractProcedure<AnySchema, infer Output, ErrorMap, Meta>
    ? ProcedureHandler<RequestContext, InputOf<Procedure>, InferSchemaInput<Output>, ErrorMap, Meta>
    : never;

/** One for each procedure of `Special`; an ordinary procedure may have one too. */
type SpecialHandlers = {
  readonly [Area in keyof Special]: {
    readonly [Name in Special[Area] & keyof Contract[Area]]: Handler<Contract[Area][Name]>;
  };
} & {
  readonly [Area in keyof Contract]?: {
    readonly [Name in keyof Contract[Area]]?: Handler<Contract[Area][Name]>;
  };
};

type RunEvent =
  | { type: 'started'; run_id: string }
  | { type: 'delta'; text: string }
  | ({ type: 'retry' } & RetryWait)
  | { type: 'run'; run: Run };

/** Every procedure that takes more than calling its service. */
export function specialHandlers(
  { system, prompts, templates, assets, partials, runs, batches, audit }: Core,
  version: string,
): SpecialHandlers {
  return {
    system: {
      health: () => ({ status: 'ok', version }),
      changes: ({ signal }) => openStream(system.changes(signal)),
    },
    prompts: {
      byName({ input, context }) {
        const template = prompts.byName(input);
        // A template never changes, and one that is archived is not answered.
        context.respond.etag = `"${template.template_id}"`;
        return template;
      },
    },
    templates: {
      create({ input, context }) {
        const { template, replayed } = templates.create(withIdempotencyKey(input, context));
        if (replayed) context.respond.status = 200;
        return template;
      },
    },
    assets: {
      put({ input, context }) {
        const { asset, replayed } = assets.put(input);
        if (replayed) context.respond.status = 200;
        return asset;
      },
      get({ input }) {
        const { bytes, mediaType } = assets.get(input);
        return new File([new Uint8Array(bytes)], input.asset_sha256, { type: mediaType });
      },
    },
    partials: {
      put({ input, context }) {
        const { partial, replayed } = partials.put(input);
        if (replayed) context.respond.status = 200;
        return partial;
      },
    },
    runs: {
      // Whoever asked may leave: the call is paid for, so its answer is stored. `runs.stop` ends it.
      async start({ input, context }) {
        const { run, replayed } = await runs.start(withIdempotencyKey(input, context));
        if (replayed) context.respond.status = 200;
        return run;
      },
      stream({ input, context }) {
        const events = createEventQueue<RunEvent>();
        runs
          .start(
            { ...withIdempotencyKey(input, context), stream: true },
            {
              onStart: (run_id) => events.push({ type: 'started', run_id }),
              onText: (text) => events.push({ type: 'delta', text }),
              onWait: (wait) => events.push({ type: 'retry', ...wait }),
            },
          )
          .then(({ run }) => {
            events.push({ type: 'run', run });
            events.end();
          })
          .catch(events.fail);
        return startedStream(events);
      },
      async list({ input }) {
        if (input.q !== undefined) await runs.prepareSearch();
        return runs.list(input);
      },
      raw({ input }) {
        const { bytes, contentType } = runs.raw(input);
        return new File([new Uint8Array(bytes)], `run-${input.run_id}`, { type: contentType });
      },
    },
    batches: {
      events: ({ input, signal }) => startedStream(batches.events(input, signal)),
    },
    audit: {
      export: async () => (await audit.export()).file,
      verifier: () => new File([audit.verifier], 'verify_audit.py', { type: 'application/octet-stream' }),
      verify: ({ signal }) => audit.verify({ signal }),
      verifyEvents: ({ signal }) => verifying(audit, signal),
    },
  };
}

/** Progress as it comes, then the report. A listener that stops also stops the work. */
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
