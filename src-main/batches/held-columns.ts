import { isAppError, type RunStatus, type RunSummary, type Template } from '../../src-shared/domain';
import type { ConnectionResolver } from '../ports';
import {
  constrainsVersion,
  mismatchError,
  mismatchOf,
  pinMismatch,
  versionMismatch,
  type HeldRun,
  type VersionMismatch,
} from '../runs';
import { getRunRow, titleOf, type BatchRecord, type Store } from '../store';
import type { Versions } from '../versions';
import { heldColumns } from './columns';
import type { Cause } from './refusals';
import { readTodo } from './todo';

interface HeldDeps {
  readonly store: Pick<Store, 'read'>;
  readonly connections: ConnectionResolver;
  readonly versions: () => Versions;
}

/** The columns of a running batch, held to the pins in force now and not to those of its start. */
export interface HeldColumns {
  templateOf(targetIndex: number): Template;
  readonly templates: readonly Template[];
  /**
   * Null once it is known whether the target's model is the one that its column is held to; otherwise resolves when it
   * is. Unconstrained columns are known at once.
   */
  check(targetIndex: number): Promise<void> | null;
  /** An answer may prove that the column's pin does not hold. */
  ended(targetIndex: number, cell: RunSummary): void;
  /** Pins may have changed: what changed is checked again. */
  reread(): void;
  /** Everything is checked again. */
  reset(): void;
}

export function createHeldColumns(
  deps: HeldDeps,
  batch: BatchRecord,
  onMismatch: (targetIndex: number, cause: Cause) => void,
): HeldColumns {
  const { store } = deps;
  let columns = heldColumns(store.read, batch.targets);
  /** Null: the check is over. */
  const checks = new Map<number, Promise<void> | null>();

  const ask = async (targetIndex: number) => {
    try {
      return await pinMismatch(deps.versions().current, heldRun(deps, batch, columns, targetIndex));
    } catch (error) {
      // The model could not be asked: its answers are checked instead (docs/records.md#evidence).
      if (isAppError(error) && error.code === 'PROVIDER_FAILURE') return null;
      throw error;
    }
  };

  return {
    templateOf(targetIndex) {
      const column = columns[targetIndex];
      if (!column) throw new Error(`batch ${batch.batch_id} has no target ${targetIndex}`);
      return column.template;
    },
    get templates() {
      return columns.map(({ template }) => template);
    },
    check(targetIndex) {
      const known = checks.get(targetIndex);
      if (known !== undefined) return known;
      const column = columns[targetIndex];
      if (!column || !constrainsVersion(column.template)) {
        checks.set(targetIndex, null);
        return null;
      }
      const checking = ask(targetIndex).then((mismatch) => {
        // A pin that was set meanwhile is a question of its own.
        if (checks.get(targetIndex) !== checking) return;
        checks.set(targetIndex, null);
        if (mismatch !== null) onMismatch(targetIndex, causeOf(mismatch, 'answers now'));
      });
      checks.set(targetIndex, checking);
      return checking;
    },
    ended(targetIndex, { run_id, failure_code }) {
      if (failure_code !== 'version_mismatch') return;
      const column = columns[targetIndex];
      const row = getRunRow(store.read, run_id);
      if (!column || !row?.evidence || row.provider_version_key === null || row.evidence_grade === null) {
        throw new Error(`run ${run_id} was refused for a version that it does not have`);
      }
      const { provider_version_key, evidence_grade, evidence } = row;
      const seen = { provider_version_key, evidence_grade, evidence };
      // Under the pin in force now: while the call was under way, the version may have been accepted.
      const mismatch = versionMismatch(column.template, seen, { frozen: column.isFrozen });
      if (mismatch !== null) onMismatch(targetIndex, causeOf(mismatch, 'answered'));
    },
    reread() {
      const before = columns;
      columns = heldColumns(store.read, batch.targets);
      for (const [index, { template }] of columns.entries()) {
        if (template.model_version_constraint !== before[index]?.template.model_version_constraint)
          checks.delete(index);
      }
    },
    reset() {
      columns = heldColumns(store.read, batch.targets);
      checks.clear();
    },
  };
}

/**
 * Refuses to go on where nothing could be sent, as a start is refused.
 * @throws VERSION_MISMATCH if it is known of every column with cells left that its pin does not hold
 */
export function assertSomePinHolds(deps: HeldDeps, batch: BatchRecord, redo: ReadonlySet<RunStatus>): void {
  const columns = heldColumns(deps.store.read, batch.targets);
  if (!columns.some(({ template }) => constrainsVersion(template))) return;
  const todo = readTodo(deps.store.read, batch, redo);
  const left = [...columns.keys()].filter((index) => todo.walk(new Set([index]))() !== null);
  const { known } = deps.versions();
  let refusal: Error | null = null;
  for (const index of left) {
    const template = columns[index]?.template;
    if (!template || !constrainsVersion(template)) return;
    const run = heldRun(deps, batch, columns, index);
    const mismatch = mismatchOf(run, known(run));
    if (mismatch === null) return;
    refusal ??= mismatchError(run, mismatch);
  }
  if (refusal !== null) throw refusal;
}

function heldRun(
  { store, connections }: HeldDeps,
  batch: BatchRecord,
  columns: ReturnType<typeof heldColumns>,
  targetIndex: number,
): HeldRun {
  const column = columns[targetIndex];
  const target = batch.targets[targetIndex];
  if (!column || !target) throw new Error(`batch ${batch.batch_id} has no target ${targetIndex}`);
  const { connection_id, model_id } = target;
  return {
    template: column.template,
    title: titleOf(store.read, column.template),
    target: connections.find({ org_id: batch.org_id, connection_id, model_id }),
    modelId: model_id,
    frozen: column.isFrozen,
  };
}

function causeOf({ wanted, seen, remedy, isPin }: VersionMismatch, answers: string): Cause {
  return {
    why: `${wanted}, but ${seen} ${answers}`,
    remedy: isPin
      ? 'Pin the new version or unpin the model, then resume; failed cells can be retried afterwards.'
      : `${remedy}, and compare that.`,
  };
}
