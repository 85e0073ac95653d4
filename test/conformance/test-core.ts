import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '../../src-main/core';
import { resolveConfig } from '../../src-main/home';
import type { Core } from '../../src-main/ports';

export interface TestCore {
  readonly core: Core;
  readonly home: string;
  /** Closes the core and removes its home. */
  close(): Promise<void>;
}

/** The real core on a home of its own: real store, practice provider over its real wire, keys in memory. */
export async function openTestCore(): Promise<TestCore> {
  const home = mkdtempSync(join(tmpdir(), 'prompter-conformance-'));
  const config = resolveConfig({ PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' });
  const core = await createCore({ config, appVersion: '0.0.0-test', env: {} });
  return {
    core,
    home,
    async close() {
      await core.close();
      rmSync(home, { recursive: true });
    },
  };
}
