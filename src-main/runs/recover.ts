import { type Template, timestampOf } from '../../src-shared/domain';
import type { Clock, Logger, ProviderClients } from '../ports';
import {
  attemptsUnderWay,
  forgetTallyOf,
  getRunToRead,
  getTemplate,
  runsRawStored,
  type RunToRead,
  type Store,
} from '../store';
import type { VersionHistory } from '../versions';
import type { Pricing } from './cost';
import { deriveRun, type DeriveContext, type Derivation } from './derive';
import { finish } from './execute';
import { endInDoubt } from './in-doubt';
import { bareTemplate, kindOf } from './plan';
import { answerOfRun } from './stored-answer';

export interface RecoverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly clients: ProviderClients;
  readonly pricing: Pricing;
  readonly history: VersionHistory;
}

/**
 * Cleans up after a crash or a failed write: calls that were in flight become in doubt and are never resent
 * automatically; answers that were stored but not read are read now. With a batch given, covers only that batch, which
 * this process must not be running. Returns how many were put in doubt, and how many were read.
 */
export function recoverRuns(deps: RecoverDeps, batchId?: string): { in_doubt: number; read: number } {
  const { store, logger } = deps;
  const at = timestampOf(deps.clock.now());
  const underWay = attemptsUnderWay(store.read, batchId);
  for (const attempt of underWay) {
    store.write((tx) => endInDoubt(tx, attempt, { at, message: INTERRUPTED }));
  }
  let read = 0;
  for (const runId of runsRawStored(store.read, batchId)) {
    try {
      if (!rederive(deps, runId)) throw new Error(`The stored answer of run ${runId} cannot be read.`);
      read += 1;
    } catch (error) {
      // One unreadable answer must not prevent startup: it stays stored and unread.
      logger.log('error', 'runs.not_recovered', { run_id: runId, error });
    }
  }
  if (underWay.length + read > 0) {
    logger.log('warn', 'runs.recovered', { in_doubt: underWay.length, read });
  }
  return { in_doubt: underWay.length, read };
}

const INTERRUPTED =
  'Prompter was interrupted during this call. The provider may have answered and billed it. It was not resent.';

/**
 * Re-reads a stored answer and rewrites every derived column: the same bytes give the same columns.
 * @returns false if there is none that can be read
 */
export function rederive(deps: Omit<RecoverDeps, 'logger'>, runId: string): boolean {
  const row = getRunToRead(deps.store.read, runId);
  if (!row) throw new Error(`run ${runId} is not in the store`);
  const stored = deriveStored(deps, row);
  if (!stored) return false;
  rewriteDerivation(deps, row, stored);
  return true;
}

export function rewriteDerivation(
  deps: Pick<RecoverDeps, 'store' | 'history'>,
  row: RunToRead,
  { derivation, storedAt }: StoredDerivation,
): void {
  deps.store.write((tx) => {
    finish(deps, tx, row, derivation, storedAt);
    forgetTallyOf(tx, row.run_id);
  });
}

export interface StoredDerivation {
  readonly derivation: Derivation;
  readonly storedAt: string;
}

/** Derived from the run's stored bytes; null if there are none, or if their API or the template is unknown. */
export function deriveStored(
  deps: Pick<RecoverDeps, 'store' | 'clients' | 'pricing' | 'clock'>,
  row: RunToRead,
): StoredDerivation | null {
  const answer = answerOfRun(deps.store.read, deps.clients, row);
  const template = getTemplate(deps.store.read, row.template_id);
  if (!answer?.read || !template) return null;
  const { client, stored } = answer.read;
  const derivation = deriveRun(
    {
      client,
      pricing: deps.pricing,
      now: timestampOf(deps.clock.now()),
    },
    stored,
    {
      ...constraintsOf(template, row),
      groundingMode: row.grounding_mode,
      providerId: row.provider,
      modelId: row.model_id,
      executedAt: row.executed_at,
      latencyMs: row.latency_ms ?? 0,
      firstByteMs: row.first_byte_ms ?? 0,
    },
  );
  return { derivation, storedAt: answer.raw.stored_at };
}

/** The constraints that the run was sent under: its pin, or none for a probe. */
function constraintsOf(template: Template, row: RunToRead): Pick<DeriveContext, 'kind' | 'template'> {
  const kind = kindOf(row.analysis_config);
  return {
    kind,
    template:
      kind === 'probe'
        ? bareTemplate(template, template.inference_params)
        : { ...template, model_version_constraint: row.model_version_constraint },
  };
}
