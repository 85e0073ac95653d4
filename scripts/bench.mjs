// `npm run bench`: the benchmark suite, bundled like the product; writes test/bench/results.json.
import { join } from 'node:path';
import { ensureBenchBuilt, ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { node24, projectEnv, root } from './lib/project.mjs';
import { become, main } from './lib/run.mjs';

// Keeps benchmark data out of a real team database.
delete process.env.PROMPTER_DATABASE_URL;
await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBenchBuilt();
  become(node24(), [join(root, 'out/bench/main.js'), ...process.argv.slice(2)], { env: projectEnv() });
});
