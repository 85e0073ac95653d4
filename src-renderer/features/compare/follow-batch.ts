import { isFinal, type BatchEvent } from '../../../src-shared/domain';
import { api, backoffMs, pause } from '../../rpc';
import type { BatchView } from './batch-view';

export type Progress = Omit<Extract<BatchEvent, { type: 'progress' }>, 'type'>;

/** The page shows progress this often at most; cells have their own pace. */
const PROGRESS_MS = 200;

/** Follows a batch's events until it is final or aborted, reconnecting after a cut. */
export async function followBatch(
  batchId: string,
  view: BatchView,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  const report = latestOnly(onProgress, PROGRESS_MS, signal);
  let attempt = 0;
  for (;;) {
    let final = false;
    try {
      const events = await api.batches.events({ batch_id: batchId }, { signal });
      // What happened while nobody listened is in the store only.
      if (attempt > 0) view.forget();
      attempt = 0;
      for await (const event of events) {
        if (event.type === 'progress') {
          report(event);
          final = isFinal(event.status);
        } else {
          view.apply(event);
        }
      }
    } catch {
      // A cut stream is expected here; the status bar says when the core itself is away.
    }
    if (signal.aborted || final) return;
    await pause(backoffMs(attempt), signal);
    attempt += 1;
    if (signal.aborted) return;
  }
}

function latestOnly<Value>(
  callback: (value: Value) => void,
  intervalMs: number,
  signal: AbortSignal,
): (value: Value) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: Value | undefined;
  return (value) => {
    latest = value;
    timer ??= setTimeout(() => {
      timer = undefined;
      if (latest !== undefined && !signal.aborted) callback(latest);
    }, intervalMs);
  };
}
