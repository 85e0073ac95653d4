import { expect, test } from 'vitest';
import { resolveConfig } from './config';

test.each([
  ['PROMPTER_EXECUTION_LOG_DISABLED', 'yes', 'must be true or false'],
  ['PROMPTER_PROBE_DISABLED', '1', 'must be true or false'],
  ['PROMPTER_KEYCHAIN', 'none', ''],
  ['PROMPTER_EXECUTION_MODE', 'queue', 'must be local'],
  ['PROMPTER_VERSION_CACHE_TTL_SECONDS', 'soon', ''],
])('%s=%s is refused by its name: nothing is guessed', (name, value, said) => {
  expect(() => resolveConfig({ PROMPTER_HOME: '/tmp/prompter', [name]: value })).toThrow(
    expect.objectContaining({
      code: 'VALIDATION_FAILED',
      data: {
        fields: [expect.objectContaining({ path: name, message: expect.stringContaining(said) as string })],
      },
    }),
  );
});
