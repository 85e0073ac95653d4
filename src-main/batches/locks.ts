import {
  type BatchDrift,
  type BatchLock,
  isAppError,
  type ResolvedTarget,
  type RunSummary,
  type Template,
  timestampOf,
  versionName,
} from '../../src-shared/domain';
import type { Clock, ConnectionResolver } from '../ports';
import {
  getRunRow,
  insertBatchLock,
  latestVersion,
  listBatchLocks,
  type BatchRecord,
  type ReadDb,
  type Store,
} from '../store';
import type { Versions } from '../versions';
import type { Column } from './columns';

interface PreflightDeps {
  readonly store: Store;
  readonly connections: ConnectionResolver;
  readonly versions: () => Versions;
}

/**
 * The version that each target is locked to. If the batch halts on version changes, the lock is verified, from the
 * cache or by a probe. Under `record` nothing depends on it, so the known version is used unverified and nothing is
 * spent.
 */
export async function lockVersions(
  deps: PreflightDeps,
  columns: readonly Column[],
  targets: readonly ResolvedTarget[],
  policy: BatchRecord['drift_policy'],
): Promise<BatchLock[]> {
  const locks: BatchLock[] = [];
  for (const target of targets) {
    const template = columns[target.target_index]?.template;
    if (!template) throw new Error(`target ${target.target_index} has no column`);
    const found = policy === 'record' ? null : await verified(deps, template, target);
    locks.push(found ?? lastKnown(deps.store.read, template, target));
  }
  return locks;
}

async function verified(
  { connections, versions }: PreflightDeps,
  template: Template,
  target: ResolvedTarget,
): Promise<BatchLock | null> {
  const { target_index, connection_id, model_id: modelId } = target;
  const connection = connections.find({ org_id: template.org_id, connection_id, model_id: modelId });
  try {
    const current = await versions().current({ template, target: connection, modelId });
    // Without version evidence there is nothing to compare with.
    if (current.version.evidence_grade === 'none') return null;
    // Unverified, the last known version counts for less than the template's own pin: `lastKnown` locks the pin.
    const pinned = template.model_version_constraint;
    if (!current.verified && pinned !== null && current.version.provider_version_key !== pinned) return null;
    return { target_index, ...current.version, verified: current.verified };
  } catch (error) {
    // The probe failed: lock the known version and mark it as unverified.
    if (isAppError(error) && error.code === 'PROVIDER_FAILURE') return null;
    throw error;
  }
}

function lastKnown(db: ReadDb, template: Template, target: ResolvedTarget): BatchLock {
  const { target_index, provider, model_id } = target;
  const pinned = template.model_version_constraint;
  const known = latestVersion(db, { template_id: template.template_id, provider, model_id });
  const isKnown = known !== undefined && known.evidence_grade !== 'none';
  if (pinned !== null && known?.provider_version_key !== pinned) {
    return {
      target_index,
      provider_version_key: pinned,
      evidence_grade: null,
      evidence: null,
      verified: false,
    };
  }
  return {
    target_index,
    provider_version_key: isKnown ? known.provider_version_key : null,
    evidence_grade: isKnown ? known.evidence_grade : null,
    evidence: isKnown ? known.evidence : null,
    verified: false,
  };
}

/** Each target's current lock, and every version that differed from it. */
export function locksOf(db: ReadDb, batch: BatchRecord): { lock: BatchLock[]; drift: BatchDrift[] } {
  const seen = listBatchLocks(db, batch.batch_id);
  return {
    lock: batch.lock.map((locked) => {
      const accepted = seen.findLast(
        (each) => each.target_index === locked.target_index && each.accepted_at !== null,
      );
      return accepted ? { target_index: locked.target_index, ...accepted.actual, verified: true } : locked;
    }),
    drift: seen.flatMap(({ expected, ...rest }) => (expected === null ? [] : [{ ...rest, expected }])),
  };
}

/** Compares a batch's answers with its locks. */
export interface LockCheck {
  /** Records a difference, once per version; returns it unless the batch was told to accept it. */
  differs(targetIndex: number, cell: RunSummary): BatchDrift | null;
  /** Whether an otherwise good answer of this version would leave `differs` nothing to record. */
  isExpected(targetIndex: number, version: string | null): boolean;
}

export function createLockCheck(deps: { store: Store; clock: Clock }, batch: BatchRecord): LockCheck {
  const { store } = deps;
  const known = locksOf(store.read, batch);
  const locks = new Map(known.lock.map((lock) => [lock.target_index, lock]));
  const accepted = new Set<string>();
  const open = new Map<string, BatchDrift>();
  for (const drift of known.drift) {
    const key = keyOf(drift.target_index, drift.actual.provider_version_key);
    if (drift.accepted_at === null) open.set(key, drift);
    else accepted.add(key);
  }

  return {
    differs(target_index, cell) {
      const version = cell.provider_version_key;
      const lock = locks.get(target_index);
      if (version === null || !lock) return null;
      const key = keyOf(target_index, version);
      // Under the same version, the template's allowlist refuses a new fingerprint, which is news only once.
      const isRefused = cell.failure_code === 'version_mismatch' && !accepted.has(key);
      if (version === lock.provider_version_key && !isRefused) return null;
      const recorded = open.get(key);
      if (recorded) return recorded;

      const seen = { target_index, actual: actualOf(store.read, cell, version), run_id: cell.run_id };
      const seen_at = timestampOf(deps.clock.now());
      if (lock.provider_version_key === null && !isRefused) {
        if (seen.actual.evidence_grade === 'none') return null;
        store.write((tx) =>
          insertBatchLock(tx, batch.batch_id, { ...seen, expected: null, seen_at, accepted_at: seen_at }),
        );
        locks.set(target_index, { target_index, ...seen.actual, verified: true });
        return null;
      }
      const { target_index: _index, verified: _verified, ...expected } = lock;
      const drift: BatchDrift = { ...seen, expected, seen_at, accepted_at: null };
      store.write((tx) => insertBatchLock(tx, batch.batch_id, drift));
      open.set(key, drift);
      return drift;
    },
    isExpected(target_index, version) {
      const lock = locks.get(target_index);
      return version === null || !lock || version === lock.provider_version_key;
    },
  };
}

function keyOf(targetIndex: number, version: string): string {
  return `${targetIndex} ${version}`;
}

function actualOf(db: ReadDb, cell: RunSummary, version: string): BatchDrift['actual'] {
  const row = getRunRow(db, cell.run_id);
  if (!row?.evidence) throw new Error(`run ${cell.run_id} has a version and no evidence`);
  return {
    provider_version_key: version,
    evidence_grade: cell.evidence_grade ?? 'none',
    evidence: row.evidence,
  };
}

/** Describes both pieces of evidence and, if the template refused the new version, why. */
export function driftReason(cell: RunSummary, { expected, actual }: BatchDrift): string {
  const words = (grade: string | null): string => (grade ?? 'unverified').replaceAll('_', ' ');
  const key = expected.provider_version_key;
  const before = `${key === null ? 'no known version' : versionName(key)} (${words(expected.evidence_grade)})`;
  const now = `${versionName(actual.provider_version_key)} (${words(actual.evidence_grade)})`;
  const isRefused = cell.failure_code === 'version_mismatch';
  const next = isRefused
    ? `${cell.failure_message ?? ''} While the pin stands, nothing more is sent to the model.`
    : 'Resuming accepts the new version.';
  return `${cell.model_id} changed: this comparison is locked to ${before}, but ${now} answered. ${next}`;
}
