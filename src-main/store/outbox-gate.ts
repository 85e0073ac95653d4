import type { OutboxWriter, WriteDb } from './db';
import { getState, putState } from './sync-state.repo';

export interface OutboxGate extends OutboxWriter {
  subscribe: (listener: (records: number) => void) => () => void;
  committed(): void;
  rolledBack(): void;
}

const INSERT = `INSERT INTO outbox (record_type, record_id, leaf_seq) VALUES (?, ?, ?)`;

/** Whether to queue is known in memory, so that without a team database a record costs one comparison. */
export function createOutboxGate(current: () => WriteDb): OutboxGate {
  const listeners = new Set<(records: number) => void>();
  /** Null: to be looked up. */
  let on: boolean | null = null;
  let queued = 0;

  const isOn = (): boolean => (on ??= isOutboxOn(current()));

  return {
    leaf({ record_type, record_id, seq }) {
      if (!isOn()) return;
      current().prepare(INSERT).run(record_type, record_id, seq);
      queued += 1;
    },
    turn(next) {
      putState(current(), 'outbox', next ? 'on' : null);
      on = next;
    },
    subscribe(listener) {
      const own = (records: number): void => listener(records);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    committed() {
      if (queued === 0) return;
      const records = queued;
      queued = 0;
      for (const listener of listeners) listener(records);
    },
    rolledBack() {
      on = null;
      queued = 0;
    },
  };
}

function isOutboxOn(tx: WriteDb): boolean {
  return getState(tx, 'outbox') === 'on';
}
