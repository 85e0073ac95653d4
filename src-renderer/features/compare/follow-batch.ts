import { isFinal, type BatchEvent } from '../../../src-shared/domain';
import { api, backoffMs, pause } from '../../rpc';
import type { BatchView } from './batch-view';

export type Progress = Omit<Extract<BatchEvent, { type: 'progress' }>, 'type'>;

/** Minimum interval between progress updates; cells are updated separately. */
const PROGRESS_MS = 200;

/** Follows a batch's events until it has ended or the signal aborts, reconnecting when the stream breaks. */
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
      // Events missed while disconnected are only in the store.
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
      // A broken stream is expected here; the status bar reports an unreachable core.
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
