import { sameDraft, type Draft } from './draft';

/** A draft that something else has taken the place of. One that was discarded is kept until its editor is closed. */
export interface KeptDraft {
  readonly draft: Draft;
  readonly isDiscarded: boolean;
}

/** What was put in the place of a draft, which counts until it is edited. */
interface Placed {
  readonly draft: Draft;
  /** The text of a version or trial: leaving it loses nothing. */
  readonly isStored: boolean;
  /** What a single edit, such as removing a message, has changed. */
  readonly undo: Draft | null;
}

export interface Keeping {
  readonly draft: Draft;
  readonly pristine: Draft;
  /** Latest last. */
  readonly kept: readonly KeptDraft[];
  readonly placed: Placed | null;
}

/** Enough to find one's way back; each may be as long as a prompt. */
const MOST = 10;

/** With the draft on screen set aside, unless its text is stored anyway. */
function setAside({ draft, pristine, kept, placed }: Keeping, isDiscarded: boolean): readonly KeptDraft[] {
  const isStored = placed?.draft === draft && placed.isStored;
  if (isStored || sameDraft(draft, pristine)) return kept;
  return [...without(kept, draft), { draft, isDiscarded }].slice(-MOST);
}

function without(kept: readonly KeptDraft[], draft: Draft): readonly KeptDraft[] {
  return kept.filter((each) => !sameDraft(each.draft, draft));
}

/** Puts the text of a version or trial in the place of the draft. */
export function placeStored(state: Keeping, draft: Draft): Pick<Keeping, 'draft' | 'kept' | 'placed'> {
  return { draft, kept: setAside(state, false), placed: { draft, isStored: true, undo: null } };
}

export function discard(state: Keeping): Pick<Keeping, 'draft' | 'kept' | 'placed'> {
  return { draft: state.pristine, kept: setAside(state, true), placed: null };
}

/** Remembers what the edit that led to the draft on screen can be undone to. */
export function undoable({ draft }: Keeping, before: Draft): Pick<Keeping, 'placed'> {
  return { placed: { draft, isStored: false, undo: before } };
}

/** The draft that `takeBack` brings back. */
export function draftBefore({ draft, kept, placed }: Omit<Keeping, 'pristine'>): Draft | null {
  const undo = placed?.draft === draft ? placed.undo : null;
  return undo ?? kept.at(-1)?.draft ?? null;
}

/** Whether going back loses nothing of the draft on screen: it took another's place and was not edited since. */
function isUntouched({ draft, pristine, placed }: Omit<Keeping, 'kept'>): boolean {
  return placed?.draft === draft || sameDraft(draft, pristine);
}

/**
 * Brings the latest draft back. What was written since takes its turn last: going back again and again comes round to
 * it.
 */
export function takeBack(state: Keeping): Pick<Keeping, 'draft' | 'kept' | 'placed'> | null {
  const before = draftBefore(state);
  if (before === null) return null;
  const { draft, kept, placed } = state;
  if (placed?.draft === draft && placed.undo !== null) return { draft: before, kept, placed: null };
  const rest = without(kept.slice(0, -1), draft);
  return {
    draft: before,
    kept: isUntouched(state) ? rest : [{ draft, isDiscarded: false }, ...rest],
    placed: null,
  };
}
