import { useSyncExternalStore } from 'react';
import { isRecord } from '../../src-shared/domain';
import { parseJson } from './parse-json';
import { saveNow } from './save-when-idle';

export { anotherNewDocId, draftAddress, freshDocId, newDocIdOf } from './address';
export { carryValues, takeCarriedValues } from './carried';
export { closedDrafts, pushClosed, takeClosed, type ClosedDraft } from './closed';
export { readKept, writeKept } from './kept';
export { readShownRun, writeShownRun, type ShownRun } from './shown-run';
export { saveWhenIdle } from './save-when-idle';

/** The draft's document (`address.ts`). */
export interface DraftInfo {
  readonly docId: string;
  readonly name: string;
  /** What its prompt was called when the draft was written; null of a new one, and of drafts from before this was kept. */
  readonly promptName: string | null;
  readonly savedAt: string;
  /** When it was first saved: the order of tabs, which typing must not change. */
  readonly startedAt: string;
}

interface StoredDraft extends DraftInfo {
  /** Validated by the editor on reading. */
  readonly content: unknown;
}

/** A stored draft with its storage key. */
export interface FoundDraft extends StoredDraft {
  readonly key: string;
}

const PREFIX = 'prompter.draft:';
const FIXTURES = 'prompter.fixtures:';
const TAB = 'prompter.tab';

const listeners = new Set<() => void>();
let cached: readonly DraftInfo[] | undefined;

/** Each browser tab writes its own copy, so that two tabs on one template do not overwrite each other. */
function tabId(): string {
  const known = sessionStorage.getItem(TAB);
  if (known) return known;
  const fresh = crypto.randomUUID();
  sessionStorage.setItem(TAB, fresh);
  return fresh;
}

const keyOf = (docId: string): string => `${PREFIX}${docId}:${tabId()}`;

/** This tab's draft, else the newest one left by another tab. */
export function readDraft(docId: string): FoundDraft | null {
  const key = keyOf(docId);
  const own = parse(key, localStorage.getItem(key));
  if (own) return own;
  return (
    allDrafts()
      .filter((draft) => draft.docId === docId)
      .toSorted((a, b) => b.savedAt.localeCompare(a.savedAt))[0] ?? null
  );
}

export function writeDraft(
  docId: string,
  { name, promptName }: Pick<DraftInfo, 'name' | 'promptName'>,
  content: unknown,
): void {
  const savedAt = new Date().toISOString();
  const startedAt = readDraft(docId)?.startedAt ?? savedAt;
  const draft: StoredDraft = { docId, name, promptName, content, savedAt, startedAt };
  localStorage.setItem(keyOf(docId), JSON.stringify(draft));
  changed();
}

/**
 * Removes this tab's draft and the one it was taken over from, unless that one's tab has changed it since: discarding
 * here must not lose work there.
 */
export function removeDraft(docId: string, takenOver: FoundDraft | null): void {
  localStorage.removeItem(keyOf(docId));
  if (takenOver) {
    const { key, savedAt } = takenOver;
    if (parse(key, localStorage.getItem(key))?.savedAt === savedAt) localStorage.removeItem(key);
  }
  changed();
}

/** The draft's name: its own if somebody gave it one, else what its prompt is called now. */
export function draftName(
  { name, promptName }: Pick<DraftInfo, 'name' | 'promptName'>,
  base: { readonly name: string; readonly prompt_name: string },
): string {
  return name === (promptName ?? base.name) ? base.prompt_name : name;
}

/** Every draft, newest first, one per document. */
export function useDraftList(): readonly DraftInfo[] {
  return useSyncExternalStore(subscribe, snapshot);
}

/** The same outside React, with what was typed last. */
export function draftList(): readonly DraftInfo[] {
  saveNow();
  return snapshot();
}

/** Values for trying out a template; not part of it. */
export function readFixtures(docId: string): Record<string, string> {
  const stored = parseJson(localStorage.getItem(FIXTURES + docId));
  if (!isRecord(stored)) return {};
  return Object.fromEntries(
    Object.entries(stored).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

export function writeFixtures(docId: string, fixtures: Readonly<Record<string, string>>): void {
  if (Object.keys(fixtures).length === 0) localStorage.removeItem(FIXTURES + docId);
  else localStorage.setItem(FIXTURES + docId, JSON.stringify(fixtures));
}

function subscribe(listener: () => void): () => void {
  const onStorage = (): void => changed();
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

function changed(): void {
  cached = undefined;
  for (const listener of listeners) listener();
}

function snapshot(): readonly DraftInfo[] {
  cached ??= newestPerDocument(allDrafts());
  return cached;
}

function newestPerDocument(drafts: readonly StoredDraft[]): DraftInfo[] {
  const newest = new Map<string, StoredDraft>();
  for (const draft of drafts) {
    const known = newest.get(draft.docId);
    if (!known || known.savedAt < draft.savedAt) newest.set(draft.docId, draft);
  }
  return [...newest.values()].toSorted((a, b) => b.savedAt.localeCompare(a.savedAt));
}

function allDrafts(): FoundDraft[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key) => parse(key, localStorage.getItem(key)) ?? []);
}

function parse(key: string, text: string | null): FoundDraft | null {
  const value = parseJson(text);
  if (!isRecord(value)) return null;
  const { docId, name, promptName, savedAt, startedAt, content } = value;
  if (typeof docId !== 'string' || typeof name !== 'string' || typeof savedAt !== 'string') return null;
  return {
    key,
    docId,
    name,
    promptName: typeof promptName === 'string' ? promptName : null,
    savedAt,
    startedAt: typeof startedAt === 'string' ? startedAt : savedAt,
    content,
  };
}
