import { expect, test } from 'vitest';
import { leaveScreen, notice, showNotice } from './notice';

test('a notice belongs to the screen that it was shown on', () => {
  showNotice('Not frozen: choose a model.');
  leaveScreen();
  expect(notice.getState().text).toBeNull();
});

test('one about what has opened a screen stays there, and goes with that screen', () => {
  showNotice('Greeting v2 is frozen.', 'next screen');
  leaveScreen();
  expect(notice.getState().text).toBe('Greeting v2 is frozen.');
  leaveScreen();
  expect(notice.getState().text).toBeNull();
});

test('a later notice of the same screen does not go on with the one before', () => {
  showNotice('Greeting is closed.', 'next screen');
  showNotice('Not frozen: choose a model.');
  leaveScreen();
  expect(notice.getState().text).toBeNull();
});
