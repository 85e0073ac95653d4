import { afterEach, expect, test, vi } from 'vitest';
import { withEnvironment } from '.';

afterEach(() => vi.unstubAllEnvs());

const seen = (): unknown => [process.env['PLANTED_A'], process.env['PLANTED_B']];

test('variables are changed or out of sight while the work runs, and as they were after it', () => {
  vi.stubEnv('PLANTED_A', 'a');
  expect(withEnvironment({ PLANTED_A: undefined, PLANTED_B: 'b' }, seen)).toEqual([undefined, 'b']);
  expect(seen()).toEqual(['a', undefined]);
  expect('PLANTED_B' in process.env).toBe(false);
});

test('and also after work that failed', () => {
  vi.stubEnv('PLANTED_A', 'a');
  const fails = (): never => {
    throw new Error('broken');
  };
  expect(() => withEnvironment({ PLANTED_A: 'changed' }, fails)).toThrow('broken');
  expect(seen()).toEqual(['a', undefined]);
});
