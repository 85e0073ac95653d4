import { afterEach, expect, test, vi } from 'vitest';
import { createInterruptions, type Interruptions } from './interruptions';

let interruptions: Interruptions | undefined;
afterEach(() => interruptions?.stop());

test('one press of Ctrl+C is one, however often it arrives; the next one ends the process', () => {
  let now = 5_000;
  const [first, quit] = [vi.fn(), vi.fn()];
  interruptions = createInterruptions(quit, () => now);
  interruptions.listen(first);
  // From the terminal, from npm, from the starting script.
  for (const _sender of [1, 2, 3]) process.emit('SIGINT');
  expect(first).toHaveBeenCalledOnce();
  expect(quit).not.toHaveBeenCalled();
  now += 1_000;
  process.emit('SIGINT');
  expect(first).toHaveBeenCalledOnce();
  expect(quit).toHaveBeenCalledOnce();
});

test('after it has stopped, signals do what they usually do', () => {
  const before = process.listenerCount('SIGTERM');
  interruptions = createInterruptions();
  interruptions.listen(() => {});
  expect(process.listenerCount('SIGTERM')).toBe(before + 1);
  interruptions.stop();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
