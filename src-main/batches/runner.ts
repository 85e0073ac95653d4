import { setMaxListeners } from 'node:events';
import { isAppError, type BatchStatus, type RunSummary, type Template } from '../../src-shared/domain';
import type { CallEndpoint, ConnectionResolver, Logger } from '../ports';
import { executeRun, recordUnsent, type ExecuteDeps } from '../runs';
import { attemptCount, batchInput, cellRunId, getRunRow, setBatchStatus, type BatchRecord } from '../store';
import { createCellPlans } from './cells';
import { expectedCellCosts, SAMPLED_INPUTS } from './estimate';
import { createBatchFeed, type BatchFeed } from './feed';
import { createGate, type ConnectionLimits } from './limiter';
import { readProgress } from './progress';
import type { Todo } from './todo';

export interface RunnerDeps extends ExecuteDeps {
  readonly connections: ConnectionResolver;
  readonly limits: ConnectionLimits;
  readonly logger: Logger;
}

/** A batch at work in this process. */
export interface BatchRunner {
  readonly feed: BatchFeed;
  /** Starts no further cell; those under way finish. The batch takes the given status at once. */
  stop(status: Extract<BatchStatus, 'paused' | 'stopped' | 'cancelled'>, reason: string): void;
  readonly settled: Promise<void>;
}

/** A refused call (429) is provably not accepted and may be sent again: this often at most. */
const MAX_ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;

export function startRunner(
  deps: RunnerDeps,
  batch: BatchRecord,
  template: Template,
  todo: Todo,
): BatchRunner {
  const { store, clock } = deps;
  const progress = readProgress(store.read, batch);
  let expected: (bigint | null)[] | null = null;
  const plans = createCellPlans({ ...deps, read: store.read }, batch, template);
  const stopping = new AbortController();
  let status: BatchStatus = 'running';
  let reason: string | null = null;

  const feed = createBatchFeed(() => ({
    type: 'progress',
    status,
    status_reason: reason,
    counts: { ...progress.counts },
    target_totals: progress.totals(),
  }));

  const setStatus = (next: BatchStatus, why: string | null): void => {
    status = next;
    reason = why;
    const at = new Date(clock.now()).toISOString();
    store.write((tx) => setBatchStatus(tx, batch.batch_id, { status: next, reason: why, at }));
    feed.progress();
  };

  const stop: BatchRunner['stop'] = (next, why) => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    setStatus(next, why);
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

  /** Sends one cell, again where the provider provably refused it for its rate limit. */
  const runCell = async (index: number, connection: Connection): Promise<RunSummary> => {
    const endpoint = await endpointOf(connection.id);
    const existing = todo.isRedo(index) ? cellRunId(store.read, batch.batch_id, index) : null;
    const plan = planCell(index, endpoint, existing);
    if (!plan.ok) return recordUnsent(deps, plans.emptyPlanOf(index, endpoint), plan.failure);
    let attemptIndex = existing === null ? 0 : attemptCount(store.read, existing);
    for (let tried = 1; ; tried += 1) {
      feed.started(index);
      const { summary, failure } = await executeRun(deps, plan.plan, {
        signal: NEVER,
        attemptIndex,
        onText: (delta) => {
          if (feed.watched) feed.delta(index, delta);
        },
      });
      const isRefusal = failure?.code === 'rate_limited' && failure.retryable;
      if (!isRefusal || tried >= MAX_ATTEMPTS || stopping.signal.aborted) return summary;
      const backoff = failure.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (tried - 1);
      if (backoff > LONGEST_BACKOFF_MS) return summary;
      connection.limit.backOff(backoff);
      await connection.limit.ready(stopping.signal);
      if (stopping.signal.aborted) return summary;
      attemptIndex += 1;
    }
  };

  const planCell = (index: number, endpoint: CallEndpoint, existing: string | null) => {
    try {
      const plan = plans.planOf(index, endpoint);
      if (existing === null) return { ok: true as const, plan };
      // Another attempt of a run keeps what the run is; only what it was answered is new.
      const row = getRunRow(store.read, existing);
      const run = { ...plan.run, run_id: existing, executed_at: row?.executed_at ?? plan.run.executed_at };
      return { ok: true as const, plan: { ...plan, run } };
    } catch (error) {
      if (!isAppError(error)) throw error;
      return { ok: false as const, failure: { code: 'missing_variable' as const, message: error.message } };
    }
  };

  /** Every call under way, and the next one, may cost as much as the dearest of its target so far. */
  const overBudget = (next: number): boolean => {
    const budget = batch.budget_picodollars;
    if (budget === null) return false;
    expected ??= expectedCosts(deps, batch, template);
    const known = expected;
    const underWay = batch.targets.reduce((sum, { target_index }) => {
      const each = progress.dearest(target_index) ?? known[target_index] ?? 0n;
      const calls = progress.running(target_index) + (target_index === next ? 1 : 0);
      return sum + each * BigInt(calls);
    }, 0n);
    return progress.spent + underWay > budget;
  };

  const total = createGate(batch.concurrency ?? Number.MAX_SAFE_INTEGER);
  const work = async (connection: Connection): Promise<void> => {
    for (;;) {
      await connection.limit.enter();
      await total.enter();
      try {
        await connection.limit.ready(stopping.signal);
        if (stopping.signal.aborted) return;
        const index = connection.next();
        if (index === null) return;
        const targetIndex = plans.targetIndexOf(index);
        if (overBudget(targetIndex)) {
          stop('stopped', 'The next call could overrun the budget of this batch.');
          return;
        }
        progress.starting(targetIndex, todo.countedAs(index));
        const cell = await runCell(index, connection);
        progress.ended(targetIndex, cell);
        feed.cell(cell);
      } finally {
        total.leave();
        connection.limit.leave();
      }
    }
  };

  const run = async (): Promise<void> => {
    try {
      const connections = connectionsOf(deps, batch, todo);
      const workers = connections.flatMap((connection) =>
        Array.from(
          { length: Math.min(connection.concurrency, batch.concurrency ?? connection.concurrency) },
          () => work(connection),
        ),
      );
      const results = await Promise.allSettled(workers.map((worker) => worker.catch(pauseOn)));
      const broken = results.find((result) => result.status === 'rejected');
      if (broken) throw broken.reason;
      if (!stopping.signal.aborted) setStatus('completed', null);
    } catch (error) {
      deps.logger.log('error', 'batch.broken', { batch_id: batch.batch_id, error });
      throw error;
    } finally {
      feed.end();
    }
  };

  /** The store or the keychain refused: nothing more is sent, and what was sent stays as it is recorded. */
  const pauseOn = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    deps.logger.log('error', 'batch.paused_by_error', { batch_id: batch.batch_id, error });
    if (stopping.signal.aborted) return;
    stopping.abort();
    try {
      setStatus('paused', `Paused by an error: ${message}`);
    } catch (second) {
      // A full disk refuses this write too; the next start finds the batch running and pauses it then.
      status = 'paused';
      reason = `Paused by an error: ${message}`;
      deps.logger.log('error', 'batch.status_not_written', { batch_id: batch.batch_id, error: second });
    }
  };

  setStatus('running', null);
  return { feed, stop, settled: run() };
}

/** Calls of a batch are not cut off: a pause lets them finish, because they are paid for. */
const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);

/** Estimates by target, from the first inputs of the plan. */
function expectedCosts(deps: RunnerDeps, batch: BatchRecord, template: Template): (bigint | null)[] {
  const count = Math.min(batch.inputs_count, SAMPLED_INPUTS);
  const inputs = Array.from(
    { length: count },
    (_, index) => batchInput(deps.store.read, batch.batch_id, index) ?? {},
  );
  return expectedCellCosts(
    { pricing: deps.pricing, now: new Date(deps.clock.now()) },
    template,
    inputs,
    batch.targets,
  );
}

interface Connection {
  readonly id: string;
  readonly concurrency: number;
  readonly limit: ReturnType<ConnectionLimits['of']>;
  /** The next cell of the plan that goes through this connection. */
  next(): number | null;
}

function connectionsOf(deps: RunnerDeps, batch: BatchRecord, todo: Todo): Connection[] {
  const ids = [...new Set(batch.targets.map((target) => target.connection_id))];
  return ids.map((id) => {
    const { concurrency } = deps.connections.find({ org_id: batch.org_id, connection_id: id, model_id: '' });
    const targets = new Set(
      batch.targets.filter((target) => target.connection_id === id).map((target) => target.target_index),
    );
    return {
      id,
      concurrency,
      limit: deps.limits.of(id, concurrency),
      next: todo.walk(targets),
    };
  });
}
