// `node scripts/store-fixture.mjs`: makes the fixture store of the current schema (test/fixtures/stores/README.md).
import { ensureInstalled } from './lib/install.mjs';
import { node24, projectEnv, root, tool } from './lib/project.mjs';
import { become, main } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  process.chdir(root);
  const only = ['run', '--project', 'unit', 'src-main/audit/old-stores.test.ts', '-t', 'for builds to come'];
  become(node24(), [tool('vitest', 'vitest.mjs'), ...only], {
    env: projectEnv({ PROMPTER_STORE_FIXTURE: 'make' }),
  });
});
