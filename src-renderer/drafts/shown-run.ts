import * as z from 'zod';
import { parseJson } from './parse-json';

const PREFIX = 'prompter.shownRun:';

const shownRunSchema = z.object({ run_id: z.string(), template_id: z.string() });
/** The run whose answer is shown beside a document, and the template that it ran. */
export type ShownRun = z.infer<typeof shownRunSchema>;

export function readShownRun(docId: string): ShownRun | null {
  return shownRunSchema.safeParse(parseJson(localStorage.getItem(PREFIX + docId))).data ?? null;
}

export function writeShownRun(docId: string, run: ShownRun | null): void {
  if (run === null) localStorage.removeItem(PREFIX + docId);
  else localStorage.setItem(PREFIX + docId, JSON.stringify(run));
}
