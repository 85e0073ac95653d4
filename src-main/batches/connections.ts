import type { ConnectionResolver } from '../ports';
import type { BatchRecord } from '../store';
import type { ConnectionLimits } from './limiter';
import type { Todo } from './todo';

/** A connection used by a batch's cells. */
export interface BatchConnection {
  readonly id: string;
  readonly concurrency: number;
  readonly limit: ReturnType<ConnectionLimits['of']>;
  /**
   * Cells that were handed out but not sent, or not accepted, when the batch was halted: first in line when it resumes.
   */
  readonly refused: number[];
  /** The plan's next cell for this connection. */
  next(): number | null;
  /** The cell already has a run. */
  isRedo(index: number): boolean;
}

/**
 * The connections that remaining cells need.
 * @throws NO_CONNECTION if one of them was removed
 */
export function connectionsOf(
  deps: { readonly connections: ConnectionResolver; readonly limits: ConnectionLimits },
  batch: BatchRecord,
  todo: Todo,
): BatchConnection[] {
  const ids = [...new Set(batch.targets.map((target) => target.connection_id))];
  return ids.flatMap((id) => {
    const targets = new Set(
      batch.targets.filter((target) => target.connection_id === id).map((target) => target.target_index),
    );
    if (todo.walk(targets)() === null) return [];
    const { concurrency } = deps.connections.find({ org_id: batch.org_id, connection_id: id, model_id: '' });
    const refused: number[] = [];
    const again = new Set<number>();
    const walk = todo.walk(targets);
    return {
      id,
      concurrency,
      limit: deps.limits.of(id, concurrency),
      refused,
      next() {
        const first = refused.shift();
        if (first === undefined) return walk();
        again.add(first);
        return first;
      },
      isRedo: (index: number) => todo.isRedo(index) || again.has(index),
    };
  });
}
