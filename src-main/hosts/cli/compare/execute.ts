import type { Batch, RunSummary } from '../../../../src-shared/domain';
import type { Service } from '../../../ports';
import type { CommandContext } from '../command';
import type { Progress } from './progress';

type Batches = Pick<Service<'batches'>, 'get' | 'runs' | 'onCell' | 'settled' | 'pause'>;

export interface Following {
  readonly batchId: string;
  readonly progress: Progress;
  /** Every cell of it is one of this command: those that ended before this call are told too. */
  readonly isNew: boolean;
}

/**
 * Follows a batch of this process to its end. Ctrl+C pauses it: what is under way finishes and is stored, and the
 * command to go on is told. A second one ends the process at once.
 */
export async function follow(
  batches: Batches,
  { batchId, progress, isNew }: Following,
  { terminal, interruptions }: Pick<CommandContext, 'terminal' | 'interruptions'>,
): Promise<{ batch: Batch; interrupted: boolean }> {
  // Listening and reading what was before happen in one turn of the event loop: no cell can end between the two.
  const told = new Set<number | null>();
  const forget = batches.onCell(batchId, (cell) => {
    if (!told.has(cell.batch_run_index)) progress.stored(cell);
  });
  const before = batches.get({ batch_id: batchId });
  const done = before.total - before.counts.pending - before.counts.running;
  const missed = isNew && done > 0 ? endedCells(batches, batchId) : [];
  progress.started(batchId, done - missed.length, before.total);
  for (const cell of missed) {
    told.add(cell.batch_run_index);
    progress.stored(cell);
  }

  let interrupted = false;
  interruptions.listen(() => {
    interrupted = true;
    terminal.err('\nPausing: calls in progress finish and are stored. Press Ctrl+C again to quit now.\n');
    pauseQuietly(batches, batchId);
  });
  try {
    await batches.settled(batchId);
  } finally {
    if (!interrupted) interruptions.stop();
    forget();
    progress.finished();
  }
  return { batch: batches.get({ batch_id: batchId }), interrupted };
}

const PAGE = 500;
const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'outcome_unknown', 'cancelled']);

function endedCells(batches: Batches, batchId: string): RunSummary[] {
  const ended: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = batches.runs({ batch_id: batchId, limit: PAGE, cursor });
    ended.push(...page.items.filter(({ status }) => ENDED.has(status)));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return ended;
}

/** The last cell may have ended the batch between the key and this call: then there is nothing to pause. */
function pauseQuietly(batches: Batches, batchId: string): void {
  try {
    batches.pause({ batch_id: batchId });
  } catch {
    // It has ended.
  }
}
