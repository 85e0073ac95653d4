import { diffWordsWithSpace } from 'diff';
import type { WordChange } from '../domain';

/** A diff that takes longer than this is not worth waiting for. */
const TIMEOUT_MS = 120;
/** Below this share of common text a word diff is confetti. */
const MIN_COMMON = 0.3;

/**
 * A readable word diff: a lone word that two rewritten passages happen to share counts as rewritten. Null if the
 * texts have too little in common or comparing takes too long.
 */
export function wordChanges(before: string, after: string): WordChange[] | null {
  const raw = diffWordsWithSpace(before, after, { timeout: TIMEOUT_MS });
  if (!raw) return null;
  const changes: WordChange[] = [];
  let removed = '';
  let added = '';
  let common = 0;
  const flush = (): void => {
    if (removed) changes.push({ kind: 'removed', text: removed });
    if (added) changes.push({ kind: 'added', text: added });
    removed = '';
    added = '';
  };
  for (const [index, change] of raw.entries()) {
    const between = (removed !== '' || added !== '') && index < raw.length - 1;
    if (change.removed) removed += change.value;
    else if (change.added) added += change.value;
    else if (between && isIncidental(change.value)) {
      removed += change.value;
      added += change.value;
    } else {
      flush();
      common += change.value.length;
      changes.push({ kind: 'same', text: change.value });
    }
  }
  flush();
  return common < MIN_COMMON * Math.min(before.length, after.length) ? null : changes;
}

/** The diff, or else the one text in place of the other. */
export function changesOf(before: string, after: string): WordChange[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  return wordChanges(before, after) ?? replacement(before, after);
}

function replacement(before: string, after: string): WordChange[] {
  const changes: WordChange[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ];
  return changes.filter(({ text }) => text !== '');
}

function isIncidental(text: string): boolean {
  return text.trim().length <= 3;
}
