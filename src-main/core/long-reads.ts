import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { onSnapshot, type LongRead, type LongReads, type Steps } from '../store';
import { failureOf, readMessageSchema, type ReadOrder } from './read-messages';

/**
 * Runs long reads in a thread each, so that windows, the API and running comparisons never wait for them. Where the
 * product is not bundled (tests) there is no file to start a thread from, and they take turns with everything else.
 */
export function createLongReads(path: string, thread: string | null = bundledThread()): LongReads {
  return (read, input, { onProgress = () => {}, signal } = {}) => {
    signal?.throwIfAborted();
    return thread === null
      ? inTurns(
          onSnapshot(path, (db) => read.start(db, input)),
          onProgress,
          signal,
        )
      : inThread(thread, { path, name: read.name, input }, read, onProgress, signal);
  };
}

/** The bundle's entry; this module is in the folder `chunks` below it, or in an entry itself. */
function bundledThread(): string | null {
  const places = ['read-thread.js', '../read-thread.js'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return places.find((place) => existsSync(place)) ?? null;
}

async function inTurns<O>(
  steps: Steps<O>,
  onProgress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<O> {
  for (;;) {
    // Thrown into the steps, so that they close their connection.
    const step = signal?.aborted ? steps.throw(signal.reason) : steps.next();
    if (step.done) return step.value;
    onProgress(step.value);
    await nextTurn();
  }
}

function inThread<I, O>(
  file: string,
  order: ReadOrder,
  read: LongRead<I, O>,
  onProgress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<O> {
  return new Promise<O>((resolve, reject) => {
    const worker = new Worker(file, { workerData: order });
    const abort = (): void => {
      void worker.terminate();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    worker.on('message', (data: unknown) => {
      // Thrown out of a listener it would end the process.
      try {
        const message = readMessageSchema.parse(data);
        if (message.type === 'progress') onProgress(message.done);
        else if (message.type === 'failed') reject(failureOf(message));
        else resolve(read.output.parse(message.result));
      } catch (error) {
        reject(error);
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', abort);
      reject(new Error(`The thread that reads ${order.name} ended early (${code}).`));
    });
  });
}
