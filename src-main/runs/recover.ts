import { createHash } from 'node:crypto';
import type { Clock, Logger, ProviderClients } from '../ports';
import {
  attemptsUnderWay,
  endWithoutAnswer,
  getRawResponse,
  getRunRow,
  getTemplate,
  insertRawResponse,
  markUnanswered,
  rawPartsOf,
  runsRawStored,
  sentApi,
  type RunRow,
  type Store,
} from '../store';
import type { VersionHistory } from '../versions';
import type { Pricing } from './cost';
import { deriveRun, type Derivation } from './derive';
import { finish } from './execute';
import { storedAnswerOf } from './view';

export interface RecoverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly clients: ProviderClients;
  readonly pricing: Pricing;
  readonly history: VersionHistory;
}

/**
 * After an unclean end: calls that were under way are in doubt and never sent again by themselves; answers that were
 * stored but not read are read now. Returns how many of each there were.
 */
export function recoverRuns(deps: RecoverDeps): { in_doubt: number; read: number } {
  const { store } = deps;
  const now = new Date(deps.clock.now()).toISOString();
  const underWay = attemptsUnderWay(store.read);
  for (const attempt of underWay) {
    store.write((tx) => {
      keepBrokenStream(tx, attempt.attempt_id, now);
      markUnanswered(tx, {
        attempt_id: attempt.attempt_id,
        status: 'outcome_unknown',
        ended_at: null,
        failure: null,
      });
      endWithoutAnswer(tx, attempt.run_id, {
        status: 'outcome_unknown',
        failure_code: null,
        failure_message:
          'Prompter ended while this call was under way. The provider may have answered and billed it; it was not sent again.',
      });
      tx.changed('runs', attempt.run_id);
    });
  }
  const unread = runsRawStored(store.read);
  for (const runId of unread) rederive(deps, runId);
  if (underWay.length + unread.length > 0) {
    deps.logger.log('warn', 'runs.recovered', { in_doubt: underWay.length, read: unread.length });
  }
  return { in_doubt: underWay.length, read: unread.length };
}

/** What came of a stream before the crash stays visible as an incomplete answer. */
function keepBrokenStream(
  tx: Parameters<Parameters<Store['write']>[0]>[0],
  attemptId: string,
  now: string,
): void {
  const bytes = rawPartsOf(tx, attemptId);
  if (bytes.byteLength === 0) return;
  insertRawResponse(tx, {
    attempt_id: attemptId,
    http_status: 200,
    headers: [],
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.byteLength,
    bytes,
    complete: false,
    redacted: false,
    inParts: true,
    stored_at: now,
  });
}

/** Reads a stored answer again and writes every derived column anew. */
export function rederive(deps: Omit<RecoverDeps, 'logger'>, runId: string): void {
  const row = getRunRow(deps.store.read, runId);
  if (!row) throw new Error(`run ${runId} is not in the store`);
  const derivation = deriveStored(deps, row);
  if (derivation) deps.store.write((tx) => finish(deps, tx, row, derivation));
}

/** What a run's stored bytes say, or null where it has none. */
export function deriveStored(
  deps: Pick<RecoverDeps, 'store' | 'clients' | 'pricing' | 'clock'>,
  row: RunRow,
): Derivation | null {
  if (row.attempt_id === null) return null;
  const raw = getRawResponse(deps.store.read, row.attempt_id);
  const api = sentApi(deps.store.read, row.attempt_id);
  const template = getTemplate(deps.store.read, row.template_id);
  if (!raw || !api || !template) return null;
  const client = deps.clients.clientFor(api.protocol);
  return deriveRun(
    {
      parse: (answer) => client.parse(answer),
      pricing: deps.pricing,
      now: new Date(deps.clock.now()).toISOString(),
    },
    storedAnswerOf(row, raw, api.api),
    {
      template,
      groundingMode: row.grounding_mode,
      providerId: row.provider,
      modelId: row.model_id,
      executedAt: row.executed_at,
      latencyMs: row.latency_ms ?? 0,
      firstByteMs: row.first_byte_ms ?? 0,
    },
  );
}
