import type { ParsedAnswer, ProviderClients } from '../ports';
import { countUnsearched, nextUnsearched, putSearchWords, type Store } from '../store';
import { parsedAnswer } from './summaries';
import { isOpen, shownOutput } from '../../src-shared/domain';

/** Runs per commit; few enough that other work on the thread does not notice. */
const BATCH_SIZE = 25;
/** After this, a search answers and says how many runs it does not cover yet. */
const MAX_WAIT_MS = 2_000;
/** Per text; words beyond this are not found. */
const MAX_CHARS_INDEXED = 500_000;

/** Updates the search index, yielding between commits. */
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
      output: outputOf(parsedAnswer(store.read, clients, run)).slice(0, MAX_CHARS_INDEXED),
      hasEnded: !isOpen(run.status),
    }));
    store.write((tx) => words.forEach((run) => putSearchWords(tx, run)));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function outputOf(answer: ParsedAnswer | null): string {
  if (answer === null) return '';
  return shownOutput({ output_text: answer.outputText, tool_calls: answer.toolCalls }) ?? '';
}
