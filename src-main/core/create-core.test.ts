import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary';
import type { PracticeHost } from '../ports';
import { createCore } from '.';
import { resolveConfig } from '../home';

test('a core that cannot be made leaves the store closed: the next start finds no crash', async () => {
  const env = { PROMPTER_HOME: join(temporaryFolder(), 'home'), PROMPTER_KEYCHAIN: 'session' };
  const options = { config: resolveConfig(env), appVersion: 'test', env };
  const unreadable = Object.defineProperty({ ...env }, 'KEY', {
    enumerable: true,
    get: () => {
      throw new Error('not readable today');
    },
  });
  await expect(createCore({ ...options, env: unreadable })).rejects.toThrow('not readable today');

  const core = await createCore(options);
  expect((await core.system.status()).store.checked_after_crash_at).toBeNull();
  await core.close();
});

test('a part that ends badly keeps no other from ending: the log is signed, the next start finds no crash', async () => {
  const env = { PROMPTER_HOME: join(temporaryFolder(), 'home'), PROMPTER_KEYCHAIN: 'session' };
  const options = { config: resolveConfig(env), appVersion: 'test', env };
  const practice: PracticeHost = {
    url: async () => 'http://127.0.0.1:1',
    close: async () => {
      throw new Error('does not end');
    },
  };
  const core = await createCore({ ...options, practice });
  core.system.installSample();
  await expect(core.close()).rejects.toThrow('does not end');

  const again = await createCore(options);
  expect((await again.system.status()).store.checked_after_crash_at).toBeNull();
  expect((await again.audit.verify()).checkpoints).toBe(1);
  await again.close();
});
