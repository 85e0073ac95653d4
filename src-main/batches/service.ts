import {
  AppError,
  cellTotal,
  isPracticeProvider,
  notFound,
  picodollarsFromUsd,
  usdFromPicodollars,
  validationError,
  type Batch,
  type BatchRequest,
  type ResolvedTarget,
  type RunStatus,
  type RunSummary,
  type Template,
} from '../../src-shared/domain';
import type { BatchesService } from '../ports';
import { assertPinHolds, cursorOf, runSummary } from '../runs';
import {
  batchCounts,
  batchesLeftRunning,
  batchInput,
  cellsBetween,
  getBatch,
  getTemplate,
  insertBatch,
  latestVersion,
  listBatches,
  setBatchStatus,
  targetTotals,
  type BatchRecord,
  type StoredRunSummary,
} from '../store';
import type { Versions } from '../versions';
import { assertInputsRender, shapeOf } from './cells';
import { estimateBatch } from './estimate';
import { startRunner, type BatchRunner, type RunnerDeps } from './runner';
import { readTodo } from './todo';

export interface BatchesDeps extends RunnerDeps {
  readonly versions: () => Versions;
}

export interface Batches extends BatchesService {
  /** Batches at work in this process, for the status bar. */
  active(): { batch_id: string; template_name: string; done: number; total: number }[];
  /** Pauses what runs and waits for the calls under way. */
  close(): Promise<void>;
}

/** Beyond this a plan should be several batches: its bookkeeping alone would be felt. */
const MAX_CELLS = 1_000_000;

export function createBatchesService(deps: BatchesDeps): Batches {
  const { store, clock } = deps;
  const running = new Map<string, BatchRunner>();

  const recordOf = (batchId: string): BatchRecord => {
    const batch = getBatch(store.read, batchId);
    if (!batch) throw notFound('batch', batchId);
    return batch;
  };

  const shown = (row: StoredRunSummary): RunSummary => runSummary(store.read, deps.clients, row);

  const templateOf = (templateId: string): Template => {
    const template = getTemplate(store.read, templateId);
    if (!template) throw notFound('template', templateId);
    return template;
  };

  const viewOf = (batch: BatchRecord): Batch => {
    const template = templateOf(batch.template_id);
    const { seq: _seq, budget_picodollars, ...rest } = batch;
    return {
      ...rest,
      template_name: template.name,
      variables: template.variables,
      budget_usd: budget_picodollars === null ? null : usdFromPicodollars(budget_picodollars),
      counts: batchCounts(store.read, batch.batch_id, batch.total),
      target_totals: targetTotals(store.read, batch),
    };
  };

  const run = (batchId: string, redo: ReadonlySet<RunStatus>): void => {
    const batch = recordOf(batchId);
    const runner = startRunner(deps, batch, templateOf(batch.template_id), readTodo(store.read, batch, redo));
    running.set(batchId, runner);
    const forget = (): void => {
      if (running.get(batchId) === runner) running.delete(batchId);
    };
    // The runner has logged what broke it; here it must only not stay in the list.
    runner.settled.then(forget, forget);
  };

  /** Starts again what is not running; a batch that runs already is left to it. */
  const restart = (batchId: string, redo: ReadonlySet<RunStatus>): Batch => {
    const batch = recordOf(batchId);
    if (running.has(batchId)) {
      throw new AppError('BATCH_STATE', 'The batch is running. Pause it first, or wait until it has ended.', {
        data: { batch_id: batchId, status: batch.status },
      });
    }
    if (batch.status === 'cancelled') {
      throw new AppError('BATCH_STATE', 'A cancelled batch stays cancelled. Start a new one.', {
        data: { batch_id: batchId, status: batch.status },
      });
    }
    run(batchId, redo);
    return viewOf(recordOf(batchId));
  };

  const halt = (batchId: string, status: 'paused' | 'cancelled', reason: string): Batch => {
    const batch = recordOf(batchId);
    const runner = running.get(batchId);
    if (runner) runner.stop(status, reason);
    else if (status === 'cancelled' && (batch.status === 'paused' || batch.status === 'stopped')) {
      const at = new Date(clock.now()).toISOString();
      store.write((tx) => setBatchStatus(tx, batchId, { status, reason, at }));
    } else {
      throw new AppError(
        'BATCH_STATE',
        `The batch is ${batch.status}; there is nothing to ${status === 'paused' ? 'pause' : 'cancel'}.`,
        {
          data: { batch_id: batchId, status: batch.status },
        },
      );
    }
    return viewOf(recordOf(batchId));
  };

  const resolveTargets = (template: Template, request: Pick<BatchRequest, 'targets'>): ResolvedTarget[] =>
    request.targets.map((target, target_index) => {
      const connection = deps.connections.find({ org_id: template.org_id, ...target });
      return {
        target_index,
        connection_id: connection.connectionId,
        connection_name: connection.name,
        provider: connection.provider.provider_id,
        model_id: target.model_id,
        inference_params: target.inference_params ?? {},
      };
    });

  const estimate = (template: Template, request: BatchRequest, targets: readonly ResolvedTarget[]) =>
    estimateBatch({ pricing: deps.pricing, now: new Date(clock.now()) }, template, request, targets);

  return {
    async start({ template_id, ...request }) {
      const template = templateOf(template_id);
      const targets = resolveTargets(template, request);
      const modes = request.modes ?? [template.grounding_mode];
      const total = cellTotal({
        inputs: request.inputs.length,
        locales: request.locales?.length ?? 1,
        modes: modes.length,
        targets: targets.length,
        replicates: request.replicates,
      });
      if (total > MAX_CELLS) {
        throw validationError([
          { path: 'inputs', message: `the plan has ${total} cells; at most ${MAX_CELLS} are allowed` },
        ]);
      }
      assertInputsRender(template, request.inputs);
      for (const target of targets) {
        const connection = deps.connections.find({ org_id: template.org_id, ...target });
        await assertPinHolds(
          deps.versions(),
          { template, target: connection, modelId: target.model_id },
          undefined,
        );
      }
      const lock = targets.map(({ target_index, provider, model_id }) => {
        const known = latestVersion(store.read, { template_id, provider, model_id });
        return {
          target_index,
          provider_version_key: known?.provider_version_key ?? null,
          evidence_grade: known?.evidence_grade ?? null,
          verified: false,
        };
      });
      const batch_id = deps.ids.uuid();
      store.write((tx) =>
        insertBatch(
          tx,
          {
            batch_id,
            org_id: template.org_id,
            workspace_id: template.workspace_id,
            template_id,
            name: request.name ?? null,
            targets,
            inputs_count: request.inputs.length,
            locales: request.locales ?? null,
            modes,
            replicates: request.replicates,
            total,
            drift_policy: request.drift_policy,
            concurrency: request.concurrency ?? null,
            budget_picodollars:
              request.budget_usd === undefined ? null : picodollarsFromUsd(request.budget_usd),
            stream: request.stream,
            timeout_seconds: request.timeout_seconds ?? null,
            lock,
            simulated: targets.every((target) => isPracticeProvider(target.provider)),
            created_at: new Date(clock.now()).toISOString(),
          },
          request.inputs,
        ),
      );
      const estimated = estimate(template, request, targets);
      run(batch_id, new Set());
      return { batch_id, total, lock, estimate: estimated };
    },

    estimate({ template_id, ...request }) {
      const template = templateOf(template_id);
      return estimate(template, request, resolveTargets(template, request));
    },

    list({ template_id, cursor, limit }) {
      const page = listBatches(store.read, { template_id }, { cursor: cursorOf(cursor), limit });
      return {
        items: page.items.map(viewOf),
        next_cursor: page.next === null ? null : String(page.next),
      };
    },

    get: (batchId) => viewOf(recordOf(batchId)),

    runs({ batch_id, cursor, limit }) {
      const batch = recordOf(batch_id);
      const cells = cellsBetween(store.read, batch_id, (cursorOf(cursor) ?? -1) + 1, batch.total, limit + 1);
      const items = cells.slice(0, limit).map(shown);
      const last = items.at(-1)?.batch_run_index;
      return {
        items,
        next_cursor: cells.length > limit && last !== undefined && last !== null ? String(last) : null,
      };
    },

    rows({ batch_id, from, count }) {
      const batch = recordOf(batch_id);
      const perInput = cellTotal({ ...shapeOf(batch), inputs: 1 });
      const to = Math.min(from + count, batch.inputs_count);
      const cells =
        from < to
          ? cellsBetween(store.read, batch_id, from * perInput, to * perInput, (to - from) * perInput).map(
              shown,
            )
          : [];
      const rows = Array.from({ length: Math.max(0, to - from) }, (_, offset) => ({
        input_index: from + offset,
        variables: batchInput(store.read, batch_id, from + offset) ?? {},
        cells: cells.filter((cell) => Math.floor((cell.batch_run_index ?? -1) / perInput) === from + offset),
      }));
      return { rows };
    },

    async *events(batchId, signal) {
      const runner = running.get(batchId);
      if (runner) {
        yield* runner.feed.watch(signal);
        return;
      }
      const batch = viewOf(recordOf(batchId));
      yield {
        type: 'progress',
        status: batch.status,
        status_reason: batch.status_reason,
        counts: batch.counts,
        target_totals: batch.target_totals,
      };
    },

    pause: (batchId) => halt(batchId, 'paused', 'Paused by you.'),
    cancel: (batchId) => halt(batchId, 'cancelled', 'Cancelled by you.'),
    resume: (batchId, { retryUnknown }) => restart(batchId, new Set(retryUnknown ? ['outcome_unknown'] : [])),
    retryFailed: (batchId) => restart(batchId, new Set(['failed'])),

    async settled(batchId) {
      await running.get(batchId)?.settled;
    },

    onCell(batchId, listener) {
      return running.get(batchId)?.feed.onCell(listener) ?? (() => undefined);
    },

    active() {
      return [...running.keys()].map((batchId) => {
        const batch = viewOf(recordOf(batchId));
        const { pending, running: underWay } = batch.counts;
        return {
          batch_id: batchId,
          template_name: batch.template_name,
          done: batch.total - pending - underWay,
          total: batch.total,
        };
      });
    },

    async close() {
      for (const runner of running.values()) runner.stop('paused', 'Paused because Prompter was closed.');
      await Promise.allSettled([...running.values()].map((runner) => runner.settled));
    },
  };
}

/** Batches that were running when the process ended are paused, and say so: nothing goes on by itself. */
export function pauseInterrupted(deps: Pick<BatchesDeps, 'store' | 'clock'>): number {
  const left = batchesLeftRunning(deps.store.read);
  for (const batchId of left) {
    const batch = getBatch(deps.store.read, batchId);
    if (!batch) continue;
    const counts = batchCounts(deps.store.read, batchId, batch.total);
    const done = batch.total - counts.pending;
    const reason = `Interrupted at ${done} of ${batch.total}${counts.outcome_unknown > 0 ? `; ${counts.outcome_unknown} outcomes unknown` : ''}.`;
    const at = new Date(deps.clock.now()).toISOString();
    deps.store.write((tx) => setBatchStatus(tx, batchId, { status: 'paused', reason, at }));
  }
  return left.length;
}
