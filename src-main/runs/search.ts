import type { ProviderClients } from '../ports';
import { countUnsearched, nextUnsearched, putSearchWords, type Store } from '../store';
import { storedText } from './summaries';
import { isOpen } from '../../src-shared/domain';

/** Together in one commit; small enough that whoever else waits for the thread does not notice. */
const BATCH_SIZE = 25;
/** Longer than this nobody waits for an answer: then it says how many runs it does not cover yet. */
const MAX_WAIT_MS = 2_000;
/** Of one text. What stands behind it is not found. */
const MAX_CHARS_INDEXED = 500_000;

/** Brings the words of runs up to date, in turns that let others in between. */
export async function prepareSearch({
  store,
  clients,
}: {
  store: Store;
  clients: ProviderClients;
}): Promise<void> {
  const end = performance.now() + MAX_WAIT_MS;
  while (countUnsearched(store.read) > 0 && performance.now() < end) {
    const words = nextUnsearched(store.read, BATCH_SIZE).map((run) => ({
      seq: run.seq,
      names: run.names,
      prompt: run.rendered_prompt.slice(0, MAX_CHARS_INDEXED),
      output: (storedText(store.read, clients, run) ?? '').slice(0, MAX_CHARS_INDEXED),
      hasEnded: !isOpen(run.status),
    }));
    store.write((tx) => words.forEach((run) => putSearchWords(tx, run)));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
