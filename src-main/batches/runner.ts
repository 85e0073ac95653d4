import { setMaxListeners } from 'node:events';
import {
  type BatchStatus,
  isAppError,
  type RunStatus,
  type RunSummary,
  targetNames,
  timestampOf,
} from '../../src-shared/domain';
import type { CallEndpoint, ConnectionResolver, Logger } from '../ports';
import {
  executeRun,
  MAX_WAIT_MS,
  recordUnsent,
  recoverRuns,
  runSummary,
  waitBeforeRetry,
  type ExecuteDeps,
} from '../runs';
import {
  acceptBatchLocks,
  attemptCount,
  cellsBetween,
  promptNameFor,
  putBack,
  setBatchStatus,
  setBatchTally,
  type BatchRecord,
  type BatchTally,
  type ChangedBy,
} from '../store';
import { isActive } from '../templates';
import type { Versions } from '../versions';
import { createCellPlans } from './cells';
import { shownColumns } from './columns';
import { connectionsOf, type BatchConnection } from './connections';
import { createBatchFeed, type BatchFeed } from './feed';
import { createFirstCalls } from './first-calls';
import { createHeldColumns } from './held-columns';
import { createGate, type ConnectionLimits } from './limiter';
import { createLockCheck, driftReason } from './locks';
import { createOverruns } from './overrun';
import { readProgress } from './progress';
import { createRefusals } from './refusals';
import { isWritten, next, standingOf, STARTING, type Halt, type RunnerEvent } from './runner-state';
import { readTodo } from './todo';

export interface RunnerDeps extends ExecuteDeps {
  readonly connections: ConnectionResolver;
  readonly limits: ConnectionLimits;
  readonly logger: Logger;
  readonly versions: () => Versions;
}

/** A batch that this process runs. */
export interface BatchRunner {
  readonly feed: BatchFeed;
  /** The batch's true status, even if writing it to disk failed. */
  readonly state: {
    readonly status: BatchStatus;
    readonly reason: string | null;
    readonly isWritten: boolean;
  };
  tally(): BatchTally;
  /** Starts no further cells; calls in flight finish. The batch takes the given status at once. */
  stop(status: Halt['status'], reason: string, by: ChangedBy): void;
  /** Resumes a pause whose calls are still in flight. False if it cannot; then a new runner is needed. */
  resume(): boolean;
  /** No call is in flight any more. */
  readonly isOver: boolean;
  readonly settled: Promise<void>;
}

/** @throws NO_CONNECTION if a connection that remaining cells need was removed; the batch is then unchanged */
export function startRunner(deps: RunnerDeps, batch: BatchRecord, redo: ReadonlySet<RunStatus>): BatchRunner {
  const { store, clock } = deps;
  const todo = readTodo(store.read, batch, redo);
  const connections = connectionsOf(deps, batch, todo);
  let progress = readProgress(store.read, batch);
  let check = createLockCheck(deps, batch);
  const names = targetNames(shownColumns(store.read, batch).targets);
  let refusals = createRefusals(names);
  const held = createHeldColumns(deps, batch, (targetIndex, cause) => refusals.leaveOut(targetIndex, cause));
  const plans = createCellPlans({ ...deps, read: store.read }, batch, held);
  const overrun = createOverruns({ ...deps, read: store.read }, batch, {
    progress: () => progress,
    templates: () => held.templates,
  });
  const workers = new Set<Promise<void>>();
  /** Cells of targets that are left out: not sent by this runner unless it is resumed. */
  const leftOut: { connection: BatchConnection; index: number }[] = [];
  /** Aborted while the batch is halted. */
  let stopping = new AbortController();
  let state = STARTING;

  const feed = createBatchFeed({
    progress: () => {
      const { status, reason } = standingOf(state);
      return { type: 'progress', status, status_reason: reason, ...progress.tally() };
    },
    cell: (index) => storedCell(index),
  });

  const storedCell = (index: number): RunSummary | null => {
    const [row] = cellsBetween(store.read, batch.batch_id, index, index + 1, 1);
    return row ? runSummary(store.read, deps.clients, row) : null;
  };

  /** @throws DISK_FULL, although the batch has its new standing */
  const writeStanding = (): void => {
    feed.progress();
    const { status, reason, by } = standingOf(state);
    const at = timestampOf(clock.now());
    try {
      store.write((tx) => setBatchStatus(tx, batch.batch_id, { status, reason, at, by }));
    } catch (error) {
      state = next(state, { type: 'not_written' });
      throw error;
    }
    state = next(state, { type: 'written' });
  };

  /** @throws DISK_FULL, although the batch is halted */
  const halt = (event: Extract<RunnerEvent, { type: 'halt' | 'error' }>): void => {
    const before = standingOf(state);
    state = next(state, event);
    if (standingOf(state) === before) return;
    stopping.abort();
    writeStanding();
  };

  const stop: BatchRunner['stop'] = (status, reason, by) => {
    halt({ type: 'halt', halt: { status, reason, by } });
  };

  /** An error of the store, the keychain or a removed connection: sends nothing more; sent calls stay as recorded. */
  const pauseOn = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    deps.logger.log('error', 'batch.paused_by_error', { batch_id: batch.batch_id, error });
    writing(() => halt({ type: 'error', message }));
  };

  /** A full disk may refuse the write: the next start of the process, or of the batch, finds the same out again. */
  const writing = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      deps.logger.log('error', 'batch.state_not_written', { batch_id: batch.batch_id, error });
    }
  };

  const endpoints = new Map<string, Promise<CallEndpoint>>();
  const endpointOf = (connectionId: string): Promise<CallEndpoint> => {
    let endpoint = endpoints.get(connectionId);
    if (!endpoint) {
      endpoint = deps.connections.endpointOf(connectionId);
      endpoints.set(connectionId, endpoint);
    }
    return endpoint;
  };
  /** Sends one cell, and again if the provider provably turned it away. */
  const runCell = async (
    index: number,
    connection: BatchConnection,
    earlier: RunSummary | null,
    onSuccess: (version: string | null) => void,
  ): Promise<RunSummary> => {
    const endpoint = await endpointOf(connection.id);
    const planned = planCell(index, endpoint, earlier);
    if (!planned.ok) {
      // A retry would not help: the inputs never change.
      return earlier ?? (await recordUnsent(deps, plans.emptyPlanOf(index, endpoint), planned.failure));
    }
    const targetIndex = plans.targetIndexOf(index);
    let attemptIndex = earlier === null ? undefined : attemptCount(store.read, earlier.run_id);
    for (let tried = 1; ; tried += 1) {
      feed.started(index);
      // Of a retry too: while it waited, a pin may have been set.
      const plan = { ...planned.plan, template: held.templateOf(targetIndex) };
      const { summary, failure } = await executeRun(deps, plan, {
        signal: NEVER,
        attemptIndex,
        onResult: ({ status, provider_version_key }) => {
          if (status === 'succeeded') onSuccess(provider_version_key);
        },
        onText: (delta) => {
          if (feed.watched) feed.delta(index, delta);
        },
      });
      const backoff = waitBeforeRetry(failure, tried, MAX_WAIT_MS.batch);
      if (backoff === null) return summary;
      await store.enqueue((tx) => putBack(tx, summary.run_id));
      connection.limit.backOff(backoff);
      const { signal } = stopping;
      await connection.limit.ready(signal);
      const isSkipped = !signal.aborted && (await isLeftOut(targetIndex));
      if (signal.aborted || isSkipped) {
        if (isSkipped) leftOut.push({ connection, index });
        else connection.refused.push(index);
        return { ...summary, status: 'pending', failure_code: null, failure_message: null };
      }
      attemptIndex = (attemptIndex ?? 0) + 1;
    }
  };

  const isLeftOut = async (targetIndex: number): Promise<boolean> => {
    for (let known = held.check(targetIndex); known !== null; known = held.check(targetIndex)) await known;
    return refusals.shouldSkip(targetIndex);
  };

  const planCell = (index: number, endpoint: CallEndpoint, earlier: RunSummary | null) => {
    try {
      const plan = plans.planOf(index, endpoint);
      if (earlier === null) return { ok: true as const, plan };
      // A further attempt keeps the run's identity; only the result is new.
      const run = { ...plan.run, run_id: earlier.run_id, executed_at: earlier.executed_at };
      return { ok: true as const, plan: { ...plan, run } };
    } catch (error) {
      if (!isAppError(error)) throw error;
      const code = error.code === 'MISSING_VARIABLE' ? 'missing_variable' : 'invalid_request';
      return { ok: false as const, failure: { code, message: error.message } as const };
    }
  };

  const haltOnDrift = (targetIndex: number, cell: RunSummary): void => {
    const drift = check.differs(targetIndex, cell);
    if (drift === null || batch.drift_policy === 'record') return;
    stop(batch.drift_policy === 'stop' ? 'stopped' : 'paused', driftReason(cell, drift), 'prompter');
  };
  /** Resuming accepts the version changes seen so far, unless the batch only records them. */
  const acceptDrift = (): void => {
    if (batch.drift_policy !== 'record') {
      const at = timestampOf(clock.now());
      store.write((tx) => acceptBatchLocks(tx, batch.batch_id, at));
    }
    check = createLockCheck(deps, batch);
  };

  const pauseIfInactive = (): void => {
    const inactive = held.templates.find((template) => !isActive(store.read, template));
    if (inactive === undefined) return;
    const reason = `${promptNameFor(store.read, inactive)} is inactive. Set it active to resume.`;
    writing(() => stop('paused', reason, 'prompter'));
  };

  const prices = createFirstCalls(overrun.isLimited);
  /** What a target's next cell waits for; null if it may be sent. Synchronous, for what `FirstCalls` says. */
  const holdOf = (targetIndex: number, signal: AbortSignal): Promise<unknown> | 'left_out' | null =>
    refusals.shouldSkip(targetIndex)
      ? 'left_out'
      : (held.check(targetIndex) ?? prices.known(targetIndex, signal));
  const total = createGate(batch.concurrency ?? Number.MAX_SAFE_INTEGER);
  const work = async (connection: BatchConnection): Promise<void> => {
    for (;;) {
      await connection.limit.enter();
      await total.enter();
      let hasLeft = false;
      const leave = (): void => {
        if (hasLeft) return;
        hasLeft = true;
        total.leave();
        connection.limit.leave();
      };
      try {
        // This halt's own signal: a halt ends the worker even if the batch is resumed meanwhile by other workers,
        // because what it waits for here, a provider's back-off or a first price, is not over.
        const { signal } = stopping;
        await connection.limit.ready(signal);
        if (signal.aborted) return;
        const index = connection.next();
        if (index === null) return;
        const targetIndex = plans.targetIndexOf(index);
        let hold = holdOf(targetIndex, signal);
        while (hold instanceof Promise) {
          await hold;
          if (signal.aborted) {
            connection.refused.push(index);
            return;
          }
          hold = holdOf(targetIndex, signal);
        }
        if (hold === 'left_out') {
          leftOut.push({ connection, index });
          continue;
        }
        const exceeded = overrun.by(targetIndex);
        if (exceeded !== null) {
          stop('stopped', exceeded, 'prompter');
          return;
        }
        const earlier = connection.isRedo(index) ? storedCell(index) : null;
        progress.starting(targetIndex, earlier);
        const cell = await runCell(index, connection, earlier, (version) => {
          // The call is over, and its result cannot affect the next call, so both may share a commit.
          if (check.isExpected(targetIndex, version) && !overrun.isLimited(targetIndex)) leave();
        });
        progress.ended(targetIndex, cell);
        prices.ended(targetIndex);
        feed.cell(cell);
        refusals.ended(targetIndex, cell);
        held.ended(targetIndex, cell);
        haltOnDrift(targetIndex, cell);
      } finally {
        leave();
      }
    }
  };

  const launch = (): void => {
    for (const connection of connections) {
      const calls = Math.min(connection.concurrency, batch.concurrency ?? connection.concurrency);
      // Twice the limit: beside each call, a result may be on its way into the store.
      for (let n = 0; n < 2 * calls; n += 1) {
        const worker = work(connection)
          .catch(pauseOn)
          .finally(() => workers.delete(worker));
        workers.add(worker);
      }
    }
  };

  const run = async (): Promise<void> => {
    while (workers.size > 0) await Promise.all(workers);
    const wasBroken = state.phase === 'halted' && state.isBroken;
    state = next(state, { type: 'settled', refused: refusals.reason() });
    unsubscribe();
    if (wasBroken) {
      writing(() => {
        recoverRuns(deps, batch.batch_id);
        progress = readProgress(store.read, batch);
      });
    }
    writing(() => {
      if (!isWritten(state)) writeStanding();
      store.write((tx) => setBatchTally(tx, batch.batch_id, progress.tally()));
    });
    feed.end();
  };

  acceptDrift();
  writeStanding();
  const ofColumns = new Set(held.templates.flatMap(({ template_id, prompt_id }) => [template_id, prompt_id]));
  const unsubscribe = store.changes.subscribe(({ entity, ids }) => {
    // A replaced key is used from the next cell on; a removed connection is not used again.
    if (entity === 'connections') {
      if (ids.length === 0) endpoints.clear();
      for (const id of ids) endpoints.delete(id);
    }
    // From the next cell on as well, a new pin is held and an inactive prompt not run.
    if (entity === 'templates' && (ids.length === 0 || ids.some((id) => ofColumns.has(id)))) {
      held.reread();
      pauseIfInactive();
    }
  });
  pauseIfInactive();
  launch();
  return {
    feed,
    get state() {
      const { status, reason } = standingOf(state);
      return { status, reason, isWritten: isWritten(state) };
    },
    get isOver() {
      return state.phase === 'over';
    },
    tally: () => progress.tally(),
    stop,
    resume() {
      const resumed = next(state, { type: 'resume' });
      if (resumed === state) return false;
      acceptDrift();
      state = resumed;
      writeStanding();
      stopping = new AbortController();
      refusals = createRefusals(names);
      held.reset();
      for (const { connection, index } of leftOut.splice(0)) connection.refused.push(index);
      launch();
      return true;
    },
    settled: run(),
  };
}

/** A batch's calls are never aborted: a pause lets them finish, because they are paid for. */
const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);
