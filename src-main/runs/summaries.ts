import { isAppError, type RunSummary } from '../../src-shared/domain';
import type { ParsedAnswer, ProviderClients } from '../ports';
import type { ReadDb, StoredRunSummary } from '../store';
import { answerOfRun, type AnswerOfRun } from './stored-answer';

/** The displayed summary: the row plus the output's text, which is read from the raw bytes. */
export function runSummary(db: ReadDb, clients: ProviderClients, row: StoredRunSummary): RunSummary {
  return withText(row, storedText(db, clients, row));
}

/** `runSummary` for callers that have the text. */
export function withText(
  { attempt_id: _, ...row }: StoredRunSummary,
  output_text: string | null,
): RunSummary {
  return { ...row, output_text };
}

/** The text of a run's answer; null if there is none to read. */
export function storedText(...of: Parameters<typeof parsedAnswer>): string | null {
  return parsedAnswer(...of)?.outputText ?? null;
}

/** A run's answer; null if there is none to read. */
export function parsedAnswer(
  db: ReadDb,
  clients: ProviderClients,
  row: Pick<StoredRunSummary, 'attempt_id' | 'status' | 'provider' | 'model_id'>,
): ParsedAnswer | null {
  if (row.status === 'sending' || row.attempt_id === null) return null;
  const answer = readableAnswer(db, clients, row);
  if (!answer?.read) return null;
  const result = answer.read.client.parse(answer.read.stored);
  return result.ok ? result.answer : null;
}

/** One damaged answer must not hide a list's other runs: opening the run reports the damage. */
function readableAnswer(...of: Parameters<typeof answerOfRun>): AnswerOfRun | null {
  try {
    return answerOfRun(...of);
  } catch (error) {
    if (isAppError(error) && error.code === 'STORE_CORRUPT') return null;
    throw error;
  }
}
