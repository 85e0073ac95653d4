import { parseJson } from './parse-json';

const PREFIX = 'prompter.keptDrafts:';

/** Drafts of a document that other texts have replaced, latest last; validated by the editor on reading. */
export function readKept(docId: string): unknown[] {
  const stored = parseJson(localStorage.getItem(PREFIX + docId));
  return Array.isArray(stored) ? stored : [];
}

export function writeKept(docId: string, drafts: readonly unknown[]): void {
  if (drafts.length === 0) localStorage.removeItem(PREFIX + docId);
  else localStorage.setItem(PREFIX + docId, JSON.stringify(drafts));
}
