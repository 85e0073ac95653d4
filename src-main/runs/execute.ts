import { type FailureCode, type RunSummary, timestampOf } from '../../src-shared/domain';
import type { Clock, Ids, ProviderClients, ProviderFailure, RawExchange, StoredAnswer } from '../ports';
import { assetBase64, assetsIn } from '../assets';
import {
  endWithoutAnswer,
  finishRun,
  getRunSummary,
  insertAttempt,
  insertRun,
  internPriceSnapshot,
  markSendingAgain,
  markUnanswered,
  type ReadDb,
  type Store,
  type StoredRunSummary,
  type WriteDb,
} from '../store';
import type { VersionHistory } from '../versions';
import { callRequest } from './call-request';
import { createCapture } from './capture';
import type { Pricing } from './cost';
import { deriveRun, type DeriveContext, type Derivation } from './derive';
import { endInDoubt } from './in-doubt';
import { kindOf, type RunPlan } from './plan';
import { withText } from './summaries';

export interface ExecuteDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly clients: ProviderClients;
  readonly pricing: Pricing;
  readonly history: VersionHistory;
}

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  /** A new run is stored as `sending`. */
  readonly onStart?: ((runId: string) => void) | undefined;
  readonly onText?: ((delta: string) => void) | undefined;
  /** More writes for the commit that records the run as `sending`, such as its idempotency key. */
  readonly alongside?: ((tx: WriteDb) => void) | undefined;
  /** The run exists already and gets this attempt; a new run where it is left out. */
  readonly attemptIndex?: number | undefined;
  /** The answer is stored and read; the commit of its result is the next one. What is enqueued now shares it. */
  readonly onResult?: ((result: Derivation['derived']) => void) | undefined;
}

export interface Executed {
  readonly summary: RunSummary;
  /** Set where the provider or the network failed: the scheduler waits or retries by it. */
  readonly failure: ProviderFailure | null;
}

/**
 * One provider call of a run, in the order of docs/reliability.md#the-order-of-writes: `sending` committed → call →
 * raw bytes committed → derived columns committed. Whatever ends in between, what was committed stays true.
 * @throws AppError where the store cannot be written (DISK_FULL); the run is then in doubt, at the latest when its batch
 * is resumed or the store is opened again.
 */
export async function executeRun(
  deps: ExecuteDeps,
  plan: RunPlan,
  options: ExecuteOptions,
): Promise<Executed> {
  const { store, clock } = deps;
  const runId = plan.run.run_id;
  const attemptId = deps.ids.uuid();
  const isNew = options.attemptIndex === undefined;
  const request = callRequest(plan, (assetSha256) => assetBase64(store.read, assetSha256));
  await store.enqueue((tx) => {
    if (isNew) insertRun(tx, plan.run);
    else markSendingAgain(tx, runId);
    insertAttempt(tx, {
      attempt_id: attemptId,
      run_id: runId,
      attempt_index: options.attemptIndex ?? 0,
      started_at: timestampOf(clock.now()),
    });
    options.alongside?.(tx);
  });
  if (isNew) options.onStart?.(runId);

  const capture = createCapture(deps, {
    runId,
    attemptId,
    secret: plan.endpoint.secret,
    assets: assetsIn(plan.prompt.messages),
    onText: options.onText,
  });
  const client = deps.clients.clientFor(plan.endpoint.protocol);
  const outcome = await client.call(
    {
      ...request,
      timeoutMs: plan.timeoutMs,
      attemptId,
      signal: options.signal,
    },
    capture.observer,
  );
  const storageError = capture.storageError();
  if (storageError !== null) {
    await leaveInDoubt(deps, { run_id: runId, attempt_id: attemptId }, storageError);
    throw storageError;
  }

  const exchange = capture.exchange();
  if (exchange) {
    const derivation = deriveFromExchange(deps, plan, exchange);
    const finished = store.enqueue((tx) => finish(deps, tx, plan.run, derivation));
    options.onResult?.(derivation.derived);
    const summary = await finished;
    return {
      summary: withText(summary, derivation.answer?.outputText ?? null),
      failure: derivation.answer?.failure ?? null,
    };
  }
  const failure = outcome.kind === 'answered' ? lostAnswer() : outcome.failure;
  const sent = outcome.kind !== 'not_sent';
  const summary = await store.enqueue((tx) => endUnanswered(tx, clock, { runId, attemptId, sent, failure }));
  return { summary: withText(summary, null), failure };
}

/** An answer came and could not be stored. */
async function leaveInDoubt(
  { store, clock }: ExecuteDeps,
  attempt: { run_id: string; attempt_id: string },
  cause: Error,
): Promise<void> {
  const message = `The answer could not be stored: ${cause.message} It may have been billed. It was not resent.`;
  const at = timestampOf(clock.now());
  try {
    await store.enqueue((tx) => endInDoubt(tx, attempt, { at, message }));
  } catch {
    // What refused the answer may refuse this as well: then `recoverRuns` does it later.
  }
}

/** Records a run that failed before it could be sent, so that a batch shows it where it belongs. */
export async function recordUnsent(
  deps: Pick<ExecuteDeps, 'store'>,
  plan: RunPlan,
  failure: { code: FailureCode; message: string },
): Promise<RunSummary> {
  const { run_id } = plan.run;
  const summary = await deps.store.enqueue((tx) => {
    insertRun(tx, plan.run);
    endWithoutAnswer(tx, run_id, {
      status: 'failed',
      failure_code: failure.code,
      failure_message: failure.message,
    });
    tx.changed('runs', run_id);
    return storedSummary(tx, run_id);
  });
  return withText(summary, null);
}

function storedSummary(db: ReadDb, runId: string): StoredRunSummary {
  const summary = getRunSummary(db, runId);
  if (!summary) throw new Error(`run ${runId} is not in the store`);
  return summary;
}

/** An adapter said "answered" without handing over an answer: a bug there must not look like success here. */
function lostAnswer(): ProviderFailure {
  return {
    code: 'network_error',
    message: 'The provider seemed to answer, but no answer was received.',
    httpStatus: null,
    providerCode: null,
    param: null,
    requestId: null,
    retryable: false,
    notAccepted: false,
    retryAfterMs: null,
  };
}

function deriveFromExchange(deps: ExecuteDeps, plan: RunPlan, exchange: RawExchange): Derivation {
  const client = deps.clients.clientFor(plan.endpoint.protocol);
  const stored: StoredAnswer = {
    api: exchange.api,
    requestedModel: plan.run.model_id,
    providerId: plan.endpoint.providerId,
    httpStatus: exchange.httpStatus,
    headers: exchange.headers,
    bytes: exchange.bytes,
    complete: exchange.complete,
    stopped: exchange.stopped ?? false,
    streamed: exchange.streamed,
  };
  const context: DeriveContext = {
    template: plan.template,
    kind: kindOf(plan.run.analysis_config),
    groundingMode: plan.run.grounding_mode,
    providerId: plan.endpoint.providerId,
    modelId: plan.run.model_id,
    executedAt: plan.run.executed_at,
    latencyMs: exchange.latencyMs,
    firstByteMs: exchange.firstByteMs,
  };
  const now = timestampOf(deps.clock.now());
  return deriveRun({ client, pricing: deps.pricing, now }, stored, context);
}

/**
 * The final commit of a run, also used when a crash is repaired or history is parsed again: then `storedAt` says when
 * the answer came.
 */
export function finish(
  deps: Pick<ExecuteDeps, 'history'>,
  tx: WriteDb,
  run: {
    run_id: string;
    org_id: string;
    workspace_id: string;
    template_id: string;
    provider: string;
    connection_id: string;
    model_id: string;
  },
  { derived, price, answer }: Derivation,
  storedAt?: string,
): StoredRunSummary {
  const price_snapshot_id =
    price === null ? null : internPriceSnapshot(tx, price.snapshotSha256, price.snapshotText);
  const summary = finishRun(tx, run.run_id, { ...derived, price_snapshot_id });
  // Also of an answer that was refused or came to another bad end: a model gave it, and said which.
  if (answer?.hasEnded) deps.history.seen(tx, run, answer.version, storedAt);
  tx.changed('runs', run.run_id);
  return summary;
}

function endUnanswered(
  tx: WriteDb,
  clock: Clock,
  end: { runId: string; attemptId: string; sent: boolean; failure: ProviderFailure },
): StoredRunSummary {
  const code: FailureCode = end.failure.code;
  markUnanswered(tx, {
    attempt_id: end.attemptId,
    status: end.sent ? 'outcome_unknown' : 'not_sent',
    ended_at: timestampOf(clock.now()),
    failure: { ...end.failure },
  });
  endWithoutAnswer(tx, end.runId, {
    status: end.sent ? 'outcome_unknown' : 'failed',
    failure_code: code,
    failure_message: end.failure.message,
  });
  tx.changed('runs', end.runId);
  return storedSummary(tx, end.runId);
}
