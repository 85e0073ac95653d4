import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { onSnapshot, type LongRead, type LongReads, type Steps } from '../store';
import { failureOf, readMessageSchema, type ReadOrder } from './read-messages';

/**
 * Runs each long read in its own thread, so that windows, the API and running comparisons never wait for it. Without a
 * bundle (in tests) there is no file to start a thread from; the read then runs here, yielding to the event loop.
 */
export function createLongReads(path: string, thread: string | null = bundledThread()): LongReads {
  return (read, input, { onProgress = () => {}, signal } = {}) => {
    signal?.throwIfAborted();
    return thread === null
      ? runHere(
          onSnapshot(path, (db) => read.start(db, input)),
          onProgress,
          signal,
        )
      : runInThread(thread, { path, name: read.name, input }, read, onProgress, signal);
  };
}

/** The thread's entry file in the bundle. This module ends up in the `chunks` folder below it, or inside an entry. */
function bundledThread(): string | null {
  const places = ['read-thread.js', '../read-thread.js'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return places.find((place) => existsSync(place)) ?? null;
}

async function runHere<O>(
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

function runInThread<I, O>(
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
      // Thrown from a listener, it would end the process.
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
