import { expect, test } from 'vitest';
import { EMPTY_DRAFT, type Draft } from './draft';
import { discard, draftBefore, placeStored, takeBack, undoable, type Keeping } from './kept-drafts';

const text = (user_prompt_template: string): Draft => ({ ...EMPTY_DRAFT, user_prompt_template });
const opened = (): Keeping => ({ draft: EMPTY_DRAFT, pristine: EMPTY_DRAFT, kept: [], placed: null });

const write = (state: Keeping, written: string): Keeping => ({ ...state, draft: text(written) });
const restore = (state: Keeping, stored: string): Keeping => ({
  ...state,
  ...placeStored(state, text(stored)),
});
const back = (state: Keeping): Keeping => ({ ...state, ...takeBack(state) });
const shown = ({ draft }: Keeping): string => draft.user_prompt_template;

test('a draft that was never run outlives any number of earlier texts that are brought back in a row', () => {
  let state = write(opened(), 'never run');
  for (const earlier of ['first', 'second', 'first']) state = restore(state, earlier);
  expect(shown(state)).toBe('first');
  state = back(state);
  expect(shown(state)).toBe('never run');
  // The texts that were only looked at are stored: there is nothing else to go back to.
  expect(draftBefore(state)).toBeNull();
});

test('so it does when an earlier text is edited, discarded or left for another', () => {
  const restored = restore(write(opened(), 'never run'), 'first');
  const edited = write(restored, 'first, edited');
  const discarded = { ...edited, ...discard(edited) };
  expect(shown(discarded)).toBe('');
  expect(shown(back(discarded))).toBe('first, edited');
  expect(shown(back(back(discarded)))).toBe('never run');

  const left = restore(edited, 'second');
  expect([left, back(left), back(back(left))].map(shown)).toEqual(['second', 'first, edited', 'never run']);
});

test('going back does not lose what was written since: it comes round again', () => {
  const edited = write(restore(write(opened(), 'never run'), 'first'), 'first, edited');
  const once = back(edited);
  expect(shown(once)).toBe('never run');
  expect(shown(back(once))).toBe('first, edited');
});

test('a single edit is undone first, and only until something else is edited', () => {
  const before = write(restore(write(opened(), 'never run'), 'first'), 'with a message');
  const removed = write(before, 'without');
  const state = { ...removed, ...undoable(removed, before.draft) };
  expect(shown(back(state))).toBe('with a message');
  expect(shown(back(write(state, 'without, edited')))).toBe('never run');
});

test('nothing is set aside that is on screen or stored: a version as it was opened, the same draft twice', () => {
  expect(restore(opened(), 'first').kept).toEqual([]);
  let state = write(opened(), 'never run');
  for (let times = 0; times < 3; times += 1) state = restore(write(state, 'never run'), 'first');
  expect(state.kept.map(({ draft }) => draft.user_prompt_template)).toEqual(['never run']);
});
