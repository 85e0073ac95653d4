import type { FailureCode, ResolvedTarget, RunSummary } from '../../src-shared/domain';

/** Failures that are not about a cell: other calls of its target meet them too, until somebody puts it right. */
const OF_TARGET: ReadonlySet<FailureCode | null> = new Set<FailureCode>([
  'auth_failed',
  'permission_denied',
  'quota_exhausted',
  'model_not_found',
]);
/** One may come in passing; after so many in a row, thousands more calls would only fail one by one. */
const MOST_IN_A_ROW = 5;

/** Leaves out the cells of targets that refuse every call: a key that is not valid, a quota that is used up. */
export interface Refusals {
  ended(targetIndex: number, cell: RunSummary): void;
  /** Whether a cell of the target that is due now is to be left out. */
  leavesOut(targetIndex: number): boolean;
  /** Why cells were left out; null where none were. */
  reason(): string | null;
}

export function createRefusals(targets: readonly ResolvedTarget[]): Refusals {
  const inARow = new Map<number, number>();
  const said = new Map<number, string>();
  let leftOut = 0;
  return {
    ended(targetIndex, { failure_code, failure_message }) {
      const isRefusal = OF_TARGET.has(failure_code);
      inARow.set(targetIndex, isRefusal ? (inARow.get(targetIndex) ?? 0) + 1 : 0);
      if (isRefusal) said.set(targetIndex, failure_message ?? failure_code ?? '');
    },
    leavesOut(targetIndex) {
      if ((inARow.get(targetIndex) ?? 0) < MOST_IN_A_ROW) return false;
      leftOut += 1;
      return true;
    },
    reason() {
      if (leftOut === 0) return null;
      const refusing = targets.filter(({ target_index }) => (inARow.get(target_index) ?? 0) >= MOST_IN_A_ROW);
      const each = refusing.map(
        ({ target_index, connection_name, model_id }) =>
          `${connection_name}:${model_id} refused ${MOST_IN_A_ROW} calls in a row (${said.get(target_index) ?? ''})`,
      );
      const cells = leftOut === 1 ? '1 cell was' : `${leftOut} cells were`;
      return `${each.join('; ')}. ${cells} not sent. Fix the cause, then resume; failed cells can be retried afterwards.`;
    },
  };
}
