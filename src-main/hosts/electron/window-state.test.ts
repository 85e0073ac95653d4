import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readWindowState, writeWindowState } from './window-state';

const folder = mkdtempSync(join(tmpdir(), 'prompter-window-'));
const file = join(folder, 'window.json');
const screen = { x: 0, y: 0, width: 1920, height: 1080 };
afterAll(() => rmSync(folder, { recursive: true }));

test('a window comes back where it was', () => {
  const state = { x: 40, y: 60, width: 1000, height: 700, maximized: true };
  writeWindowState(file, state);
  expect(readWindowState(file, [screen])).toEqual(state);
});

test('a place that cannot be written does not keep a window open', () => {
  expect(() =>
    writeWindowState(join(folder, 'none', 'window.json'), { width: 900, height: 700, maximized: false }),
  ).not.toThrow();
});

test('but not on a screen that is gone', () => {
  writeWindowState(file, { x: 4000, y: 60, width: 1000, height: 700, maximized: false });
  expect(readWindowState(file, [screen])).toEqual({ width: 1000, height: 700, maximized: false });
});

test.each(['', '{', '{"width":1}', '[]'])('a file with %j is ignored', (text) => {
  writeFileSync(file, text);
  expect(readWindowState(file, [screen])).toEqual({ width: 1280, height: 840, maximized: false });
});
