import * as z from 'zod';
import { parseJson } from './parse-json';

const KEY = 'prompter.closedDrafts';
/** Enough to undo a slip of the hand; older ones are let go. */
const KEPT = 10;

const closedDraftSchema = z.object({
  docId: z.string(),
  name: z.string(),
  promptName: z.string().nullable().default(null),
  content: z.unknown(),
});
/** A draft whose tab was closed: it can be reopened. */
export type ClosedDraft = z.infer<typeof closedDraftSchema>;

/** Latest first. */
export function closedDrafts(): ClosedDraft[] {
  return z.array(closedDraftSchema).safeParse(parseJson(localStorage.getItem(KEY))).data ?? [];
}

export function pushClosed(draft: ClosedDraft): void {
  localStorage.setItem(KEY, JSON.stringify([draft, ...closedDrafts()].slice(0, KEPT)));
}

/** Takes the draft that was closed last out of the list. */
export function takeClosed(): ClosedDraft | undefined {
  const [latest, ...rest] = closedDrafts();
  localStorage.setItem(KEY, JSON.stringify(rest));
  return latest;
}
