import type { Batch } from '../../../../src-shared/domain';
import type { Session } from '../session';
import type { Terminal } from '../terminal';
import type { Progress } from './progress';

/**
 * Follows a batch of this process to its end. Ctrl+C pauses it: what is under way finishes and is stored, and the
 * command to go on is told. A second one ends the process at once.
 */
export async function follow(
  { core }: Session,
  batchId: string,
  progress: Progress,
  terminal: Terminal,
): Promise<{ batch: Batch; interrupted: boolean }> {
  const before = core.batches.get(batchId);
  const { pending, running } = before.counts;
  const forget = core.batches.onCell(batchId, progress.stored);
  progress.started(batchId, before.total - pending - running, before.total);

  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    terminal.err('\nPausing: calls under way finish and are stored. Press Ctrl+C again to quit at once.\n');
    pauseQuietly(core, batchId);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await core.batches.settled(batchId);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    forget();
    progress.finished();
  }
  return { batch: core.batches.get(batchId), interrupted };
}

/** The last cell may have ended the batch between the key and this call: then there is nothing to pause. */
function pauseQuietly(core: Session['core'], batchId: string): void {
  try {
    core.batches.pause(batchId);
  } catch {
    // It has ended.
  }
}
