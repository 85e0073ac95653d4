import type { Batch, RunSummary } from '../../../../src-shared/domain';
import type { PrompterClient } from '../../../rpc';
import type { CommandContext } from '../command';
import type { Progress } from './progress';

/** A batch that this command has just set going. */
export interface StartedBatch {
  readonly batchId: string;
  /** Cells that had ended in earlier sessions. */
  readonly done: number;
  readonly total: number;
}

/**
 * Follows a batch to its end. Ctrl+C pauses it: what is under way finishes and is stored, and the command to go on is
 * told. A second one ends the process at once.
 */
export async function follow(
  batches: Pick<PrompterClient['batches'], 'get' | 'events' | 'pause'>,
  { batchId, done, total }: StartedBatch,
  {
    progress,
    terminal,
    interruptions,
  }: Pick<CommandContext, 'terminal' | 'interruptions'> & { readonly progress: Progress },
): Promise<{ batch: Batch; interrupted: boolean }> {
  let interrupted = false;
  interruptions.listen(() => {
    interrupted = true;
    terminal.err('\nPausing: calls in progress finish and are stored. Press Ctrl+C again to quit now.\n');
    // The last cell may have ended the batch in the meantime, and then there is nothing to pause.
    batches.pause({ batch_id: batchId }).catch(() => {});
  });
  progress.started(batchId, done, total);
  try {
    for await (const event of await batches.events({ batch_id: batchId, from_start: true })) {
      if (event.type === 'cell' && hasEnded(event.cell)) progress.stored(event.cell);
    }
  } finally {
    if (!interrupted) interruptions.stop();
    progress.finished();
  }
  return { batch: await batches.get({ batch_id: batchId }), interrupted };
}

/** A cell that was put back is news for a screen, but no stored answer. */
function hasEnded({ status }: RunSummary): boolean {
  return status !== 'pending';
}
