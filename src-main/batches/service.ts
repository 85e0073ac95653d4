import {
  AppError,
  type Batch,
  type BatchRequest,
  batchShapeOf,
  cellTotal,
  isHalted,
  isPracticeProvider,
  notFound,
  picodollarsFromUsd,
  type LeftOutTarget,
  type RunStatus,
  type RunSummary,
  type Template,
  timestampOf,
  usdFromPicodollars,
} from '../../src-shared/domain';
import type { Service } from '../ports';
import { assertSupported, recoverRuns, runSummary } from '../runs';
import {
  batchesWithoutTally,
  batchInput,
  cellsBetween,
  countTally,
  encodeCursor,
  getBatch,
  requireTemplate,
  insertBatch,
  listBatchSummaries,
  placeOf,
  setBatchStatus,
  setBatchTally,
  nameIn,
  templateHeads,
  type BatchRecord,
  type BatchStatusChange,
  type BatchTally,
  type StoredRunSummary,
} from '../store';
import { assertActive, assertInUse } from '../templates';
import {
  columnsOf,
  heldColumns,
  leaveOutMismatches,
  shownColumns,
  shownLeftOut,
  shownPairs,
  type Column,
} from './columns';
import { estimateBatch } from './estimate';
import type { BatchFeed } from './feed';
import { assertSomePinHolds } from './held-columns';
import { locksOf, lockVersions } from './locks';
import { assertLocalesAllowed, assertPlanHolds, cellsOf, targetsOf } from './preflight';
import { startRunner, type BatchRunner, type RunnerDeps } from './runner';
import { summaryOf } from './summary';

export type BatchesDeps = RunnerDeps;

export interface Batches extends Service<'batches'> {
  /** Batches running in this process, for the status bar. */
  active(): (Pick<Batch, 'batch_id' | 'template_name' | 'prompt_name' | 'total'> & { done: number })[];
  /** Pauses running batches and waits for calls in flight. */
  close(): Promise<void>;
}

const MAX_ENDED_FEEDS = 4;

export function createBatchesService(deps: BatchesDeps): Batches {
  const { store, clock } = deps;
  /** Running batches, and those whose last status could not be written. */
  const runners = new Map<string, BatchRunner>();

  /** Feeds of the last few batches that ended: whoever started one may ask for its events only when it is over. */
  const ended = new Map<string, BatchFeed>();

  const recordOf = (batchId: string): BatchRecord => {
    const batch = getBatch(store.read, batchId);
    if (!batch) throw notFound('comparison', batchId);
    return batch;
  };

  const shown = (row: StoredRunSummary): RunSummary => runSummary(store.read, deps.clients, row);

  const templateOf = (templateId: string): Template => requireTemplate(store.read, templateId);

  /** Counts come from the runner or, for an idle batch, from its tally. Only a batch without a tally is scanned. */
  const tallyOf = (batch: BatchRecord): BatchTally =>
    runners.get(batch.batch_id)?.tally() ?? batch.tally ?? countTally(store.read, batch);

  const viewOf = (batch: BatchRecord): Batch => {
    const { seq: _seq, tally: _tally, budget_picodollars, ...rest } = batch;
    const state = runners.get(batch.batch_id)?.state;
    const heads = templateHeads(store.read, [batch.template_id]);
    const { template_name, prompt_name } = nameIn(heads, batch.template_id);
    return {
      ...rest,
      ...shownColumns(store.read, batch),
      ...locksOf(store.read, batch),
      ...(state && { status: state.status, status_reason: state.reason }),
      template_name,
      prompt_name,
      budget_usd: budget_picodollars === null ? null : usdFromPicodollars(budget_picodollars),
      ...tallyOf(batch),
    };
  };

  const run = (batchId: string, redo: ReadonlySet<RunStatus>): void => {
    const runner = startRunner(deps, recordOf(batchId), redo);
    runners.set(batchId, runner);
    ended.delete(batchId);
    void runner.settled.then(() => {
      ended.set(batchId, runner.feed);
      for (const oldest of [...ended.keys()].slice(0, -MAX_ENDED_FEEDS)) ended.delete(oldest);
      // A status that could not be written is known only here.
      if (runner.state.isWritten && runners.get(batchId) === runner) runners.delete(batchId);
    });
  };

  const activeRunner = (batchId: string): BatchRunner | null => {
    const runner = runners.get(batchId);
    return runner && !runner.isOver ? runner : null;
  };

  /**
   * What a start would refuse too, except that what was begun with an archived template can be finished: archiving
   * cannot be taken back.
   * @throws ALS_UNSUPPORTED, PROMPT_INACTIVE, VERSION_MISMATCH
   */
  const assertResumable = (batch: BatchRecord, redo: ReadonlySet<RunStatus>): void => {
    for (const { template } of heldColumns(store.read, batch.targets)) {
      assertSupported(store.read, template);
      assertActive(store.read, template);
    }
    assertSomePinHolds(deps, batch, redo);
  };

  /**
   * Resumes the active runner, or starts a new one.
   * @throws BATCH_STATE if the batch runs, was cancelled or must wait for calls in flight
   */
  const restart = (batchId: string, redo: ReadonlySet<RunStatus>): Batch => {
    const { status } = viewOf(recordOf(batchId));
    if (status === 'cancelled')
      throw stateError(batchId, status, 'A cancelled comparison cannot be resumed. Start a new one.');
    const runner = activeRunner(batchId);
    if (runner && status === 'running') {
      throw stateError(
        batchId,
        status,
        'The comparison is running. Pause it first, or wait for it to finish.',
      );
    }
    // No call is in flight without a runner, so an error left behind any run that the store still shows as in flight.
    if (!runner) recoverRuns(deps, batchId);
    assertResumable(recordOf(batchId), redo);
    if (runner && !(redo.size === 0 && runner.resume())) {
      const { running } = runner.tally().counts;
      throw stateError(
        batchId,
        status,
        `${running} calls of the comparison are still in progress. Wait for them to finish.`,
      );
    }
    if (!runner) run(batchId, redo);
    return viewOf(recordOf(batchId));
  };

  const halt = (batchId: string, status: 'paused' | 'cancelled', reason: string): Batch => {
    const batch = recordOf(batchId);
    const { status: current } = viewOf(batch);
    if (current !== 'running' && !(status === 'cancelled' && isHalted(current))) {
      const verb = status === 'paused' ? 'pause' : 'cancel';
      throw stateError(batchId, current, `The comparison is ${current}, so there is nothing to ${verb}.`);
    }
    const runner = activeRunner(batchId);
    if (runner) runner.stop(status, reason, 'local');
    else {
      setIdleStatus(deps, batch, { status, reason, by: 'local' });
      runners.delete(batchId);
    }
    return viewOf(recordOf(batchId));
  };

  const estimateOf = (
    request: BatchRequest,
    columns: readonly Column[],
    leftOut: readonly LeftOutTarget[],
  ) => ({
    ...estimateBatch(
      { read: store.read, pricing: deps.pricing, now: new Date(clock.now()) },
      columns,
      request,
    ),
    left_out: shownLeftOut(store.read, leftOut),
  });

  return {
    async start({ template_id, ...request }) {
      const base = templateOf(template_id);
      assertInUse(store.read, base);
      const asked = columnsOf({ ...deps, read: store.read }, base, request);
      assertPlanHolds({ read: store.read, clients: deps.clients }, asked, request);
      const { kept: columns, leftOut, refusal } = await leaveOutMismatches(deps.versions().current, asked);
      if (refusal !== null) throw refusal;
      const targets = targetsOf(columns, request);
      const total = cellsOf(columns, request);
      const lock = await lockVersions(deps, columns, targets, request.drift_policy);
      const batch_id = deps.ids.uuid();
      store.write((tx) =>
        insertBatch(
          tx,
          {
            batch_id,
            org_id: base.org_id,
            workspace_id: base.workspace_id,
            template_id,
            name: request.name ?? null,
            targets,
            left_out: leftOut,
            inputs_count: request.inputs.length,
            locales: request.locales ?? null,
            modes: request.modes ?? [base.grounding_mode],
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
            created_at: timestampOf(clock.now()),
          },
          request.inputs,
        ),
      );
      const estimate = estimateOf(request, columns, leftOut);
      run(batch_id, new Set());
      return { batch_id, total, lock, estimate, left_out: estimate.left_out };
    },

    async estimate({ template_id, ...request }) {
      const asked = columnsOf({ ...deps, read: store.read }, templateOf(template_id), request);
      assertLocalesAllowed(asked, request);
      const { kept, leftOut } = await leaveOutMismatches(async (of) => deps.versions().known(of), asked);
      return estimateOf(request, kept, leftOut);
    },

    list({ template_id, cursor, limit }) {
      const page = listBatchSummaries(store.read, { template_id }, { cursor, limit });
      const columns = shownPairs(
        store.read,
        page.items.map(({ targets }) => targets),
      );
      return {
        items: page.items.map(({ tally, targets: _, ...row }, index) => {
          const runner = runners.get(row.batch_id);
          const { counts } = runner?.tally() ?? tally ?? countTally(store.read, recordOf(row.batch_id));
          return {
            ...row,
            ...(runner && { status: runner.state.status }),
            columns: columns[index] ?? [],
            counts,
          };
        }),
        next_cursor: page.next_cursor,
      };
    },

    get: ({ batch_id }) => viewOf(recordOf(batch_id)),

    runs({ batch_id, cursor, limit }) {
      const batch = recordOf(batch_id);
      const cells = cellsBetween(store.read, batch_id, (placeOf(cursor) ?? -1) + 1, batch.total, limit + 1);
      const items = cells.slice(0, limit).map(shown);
      const last = items.at(-1)?.batch_run_index;
      return {
        items,
        next_cursor: cells.length > limit && last !== undefined && last !== null ? encodeCursor(last) : null,
      };
    },

    rows({ batch_id, from, count }) {
      const batch = recordOf(batch_id);
      const perInput = cellTotal({ ...batchShapeOf(batch), inputs: 1 });
      const to = Math.min(from + count, batch.inputs_count);
      const rows = Array.from({ length: Math.max(0, to - from) }, (_, offset) => ({
        input_index: from + offset,
        variables: batchInput(store.read, batch_id, from + offset) ?? {},
        cells: cellsBetween(
          store.read,
          batch_id,
          (from + offset) * perInput,
          (from + offset + 1) * perInput,
          perInput,
        ).map(shown),
      }));
      return { rows };
    },

    summary: async ({ batch_id }) => summaryOf(store.read, viewOf(recordOf(batch_id))),

    async *events({ batch_id, from_start = false }, signal) {
      const feed = activeRunner(batch_id)?.feed ?? (from_start ? ended.get(batch_id) : undefined);
      if (feed) return yield* feed.watch(signal, { fromStart: from_start });
      const batch = viewOf(recordOf(batch_id));
      yield {
        type: 'progress',
        status: batch.status,
        status_reason: batch.status_reason,
        counts: batch.counts,
        target_totals: batch.target_totals,
      };
    },

    pause: ({ batch_id }) => halt(batch_id, 'paused', 'Paused by you.'),
    cancel: ({ batch_id }) => halt(batch_id, 'cancelled', 'Cancelled by you.'),
    resume: ({ batch_id, retry_unknown }) =>
      restart(batch_id, new Set(retry_unknown ? ['outcome_unknown'] : [])),
    retryFailed: ({ batch_id }) => restart(batch_id, new Set(['failed'])),

    async settled(batchId) {
      await runners.get(batchId)?.settled;
    },

    onCell(batchId, listener) {
      return activeRunner(batchId)?.feed.onCell(listener) ?? (() => undefined);
    },

    active() {
      return [...runners].flatMap(([batchId, runner]) => {
        if (runner.isOver) return [];
        const { template_name, prompt_name, total, counts } = viewOf(recordOf(batchId));
        const done = total - counts.pending - counts.running;
        return [{ batch_id: batchId, template_name, prompt_name, done, total }];
      });
    },

    async close() {
      for (const runner of runners.values()) {
        try {
          runner.stop('paused', 'Paused because Prompter was closed.', 'prompter');
        } catch (error) {
          // The next start finds the batch marked as running and pauses it.
          deps.logger.log('error', 'batch.state_not_written', { error });
        }
      }
      await Promise.all([...runners.values()].map((runner) => runner.settled));
    },
  };
}

function stateError(batchId: string, status: Batch['status'], message: string): AppError {
  return new AppError('BATCH_STATE', message, { data: { batch_id: batchId, status } });
}

/** Sets the status of a batch without calls in flight, along with the tally that idle batches have. */
function setIdleStatus(
  { store, clock }: Pick<BatchesDeps, 'store' | 'clock'>,
  batch: BatchRecord,
  change: Omit<BatchStatusChange, 'at'>,
): void {
  const tally = batch.tally ?? countTally(store.read, batch);
  store.write((tx) => {
    setBatchStatus(tx, batch.batch_id, { ...change, at: timestampOf(clock.now()) });
    setBatchTally(tx, batch.batch_id, tally);
  });
}

/**
 * Pauses batches that were running when the process ended (nothing resumes on its own) and gives every batch its tally.
 * Call after `recoverRuns`.
 */
export function pauseInterrupted(deps: Pick<BatchesDeps, 'store' | 'clock'>): void {
  for (const batchId of batchesWithoutTally(deps.store.read)) {
    const batch = getBatch(deps.store.read, batchId);
    if (!batch) continue;
    if (batch.status !== 'running' && batch.status !== 'planned') {
      const tally = countTally(deps.store.read, batch);
      deps.store.write((tx) => setBatchTally(tx, batchId, tally));
      continue;
    }
    // No progress in this text: repairing a cell changes the batch's counts, and the two would disagree.
    const reason = 'Interrupted: Prompter exited while it was running.';
    setIdleStatus(deps, batch, { status: 'paused', reason, by: 'prompter' });
  }
}
