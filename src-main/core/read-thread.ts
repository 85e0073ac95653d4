import { parentPort, workerData } from 'node:worker_threads';
import { AUDIT_READS } from '../audit';
import { onSnapshot, type NamedRead } from '../store';
import { TEAM_READS } from '../team/postgres';
import { failed, readOrderSchema, type ReadMessage } from './read-messages';

/** Every read that can run in a thread of its own. */
const READS: readonly NamedRead[] = [...AUDIT_READS, ...TEAM_READS];

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has one other end and no origin
const tell = (message: ReadMessage): void => parentPort?.postMessage(message);

try {
  const { path, name, input } = readOrderSchema.parse(workerData);
  const read = READS.find((known) => known.name === name);
  if (!read) throw new Error(`There is no read called ${name}.`);
  const steps = onSnapshot(path, (db) => read.start(db, input));
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      tell({ type: 'result', result: step.value });
      break;
    }
    tell({ type: 'progress', done: step.value });
  }
} catch (error) {
  tell(failed(error));
}
