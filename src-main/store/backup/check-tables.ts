import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { corrupt } from '../engine/sqlite-error';
import type { CheckMessage } from './check-worker';

/**
 * Checks each table's structure and indexes, and foreign keys, in a thread of its own.
 * @returns rows by table
 * @throws STORE_CORRUPT
 */
export function checkTables(
  path: string,
  onProgress: (done: number) => void,
): Promise<Readonly<Record<string, number>>> {
  return new Promise((resolve, reject) => {
    const rows: Record<string, number> = {};
    const worker = new Worker(workerFile(), { workerData: path });
    worker.on('message', (message: CheckMessage) => {
      if (message.type === 'problem') reject(corrupt(path, message.problem));
      else if (message.type === 'end') resolve(rows);
      else {
        rows[message.table] = message.rows;
        onProgress(message.done);
      }
    });
    worker.on('error', reject);
    // No effect once there was an answer.
    worker.on('exit', (code) => reject(new Error(`The check of ${path} ended with code ${code}.`)));
  });
}

/** In the source, the file next to this one; in the build, an entry, with this file in it or in one of its chunks. */
function workerFile(): URL {
  const places = ['./check-worker.ts', './check-worker.js', '../check-worker.js'];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Error('This build does not include the store check.');
  return found;
}
