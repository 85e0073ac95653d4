import { describe, expect, test } from 'vitest';
import { COMMAND_IDS, COMMANDS, type CommandId } from './catalogue';
import { isSingleKey, parseKeys, sameStroke, strokeOf, type KeyPress } from './keys';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

const matches = (keys: string, pressed: KeyPress): boolean => {
  const [wanted] = parseKeys(keys);
  return wanted !== undefined && sameStroke(wanted, strokeOf(pressed));
};

describe('a shortcut', () => {
  test.each([
    ['Mod+K', press('k', { ctrlKey: true }), true],
    ['Mod+K', press('k', { metaKey: true }), true],
    ['Mod+K', press('k'), false],
    ['Mod+Enter', press('Enter', { ctrlKey: true, shiftKey: true }), false],
    ['Mod+Shift+Enter', press('Enter', { ctrlKey: true, shiftKey: true }), true],
    ['n', press('N', { shiftKey: true }), false],
    ['Shift+F6', press('F6', { shiftKey: true }), true],
    ['Space', press(' '), true],
    ['j', press('j', { altKey: true }), false],
  ])('%s and the press %o', (keys, pressed, expected) => {
    expect(matches(keys, pressed)).toBe(expected);
  });

  test('matches a character that needs Shift on some layouts, however it was typed', () => {
    expect(matches('?', press('?', { shiftKey: true }))).toBe(true);
    expect(matches('?', press('?'))).toBe(true);
  });
});

describe('the catalogue', () => {
  /** Commands that share a key on purpose: whichever is enabled runs. */
  const shared: readonly (readonly CommandId[])[] = [
    ['batch.pause', 'batch.resume', 'run.stop'],
    ['list.next', 'grid.down'],
    ['list.previous', 'grid.up'],
    ['list.open', 'list.peek', 'cell.inspect'],
    // A field that needs no Escape leaves it to the panel first.
    ['panel.close', 'text.leave'],
    // On different screens, or a screen's own command before a global one.
    ['run.start', 'review.correct'],
    ['compare.new', 'review.edit'],
    ['version.restore', 'batch.retryFailed', 'review.retry'],
    ['tree.expand', 'grid.right'],
    ['tree.collapse', 'grid.left'],
    ['prompt.history', 'grid.hide'],
    ['version.diff', 'run.raw'],
    ['history.trials', 'connection.test'],
    ['templates.sort', 'grid.sort'],
    ['version.base', 'grid.baseline', 'budget.set'],
    ['connection.add', 'review.accept'],
    ['grid.repeats', 'review.dismiss'],
    ['grid.expand', 'review.fold'],
    ['version.pin', 'compare.accept'],
    ['compare.previous', 'review.skip'],
  ];

  test('gives no key to two commands that could both run', () => {
    const owners = new Map<string, CommandId[]>();
    for (const id of COMMAND_IDS)
      for (const keys of COMMANDS[id].keys ?? []) owners.set(keys, [...(owners.get(keys) ?? []), id]);
    const clashes = [...owners.values()].filter(
      (ids) => ids.length > 1 && !shared.some((group) => ids.every((id) => group.includes(id))),
    );
    expect(clashes).toEqual([]);
  });

  test('gives no key that begins a sequence', () => {
    const all = COMMAND_IDS.flatMap((id) => COMMANDS[id].keys ?? []);
    const prefixes = new Set(all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]));
    expect(all.filter((keys) => prefixes.has(keys))).toEqual([]);
  });

  test('uses no key that many layouts type with AltGr', () => {
    const awkward = COMMAND_IDS.flatMap((id) => COMMANDS[id].keys ?? [])
      .flatMap(parseKeys)
      .filter((stroke) => {
        return stroke.alt || ['[', ']', '\\', '/', '{', '}', '@', '|'].includes(stroke.key);
      });
    expect(awkward).toEqual([]);
  });

  test('counts printable keys alone as single keys, which can be switched off', () => {
    const single = (keys: string): boolean => parseKeys(keys).every(isSingleKey);
    expect(['j', 'g t', '?'].map(single)).toEqual([true, true, true]);
    expect(['Mod+K', 'F6', 'Enter', 'Escape'].map(single)).toEqual([false, false, false, false]);
  });
});
