import type { Logger } from '../../ports';
import type { OutboxWriter, WriteDb } from '../engine/db';
import { createListeners } from '../engine/listeners';
import { getState, putState } from './sync-state';

export interface OutboxGate extends OutboxWriter {
  subscribe: (listener: (records: number) => void) => () => void;
  committed(): void;
  rolledBack(): void;
}

const INSERT = `INSERT INTO outbox (record_type, record_id, leaf_seq) VALUES (?, ?, ?)`;

/** Keeps in memory whether to queue, so that without a team database a record costs one comparison. */
export function createOutboxGate(logger: Logger, current: () => WriteDb): OutboxGate {
  const listeners = createListeners<number>(logger, { event: 'store.queue_listener_failed' });
  /** Null: not looked up yet. */
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
    subscribe: listeners.subscribe,
    committed() {
      if (queued === 0) return;
      const records = queued;
      queued = 0;
      listeners.tell(records);
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
