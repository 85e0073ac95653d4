#!/usr/bin/env node
// `npx prompter …`: the command line, on Node 24 and freshly built.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { node24, root } from './lib/project.mjs';
import { become, main } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  become(node24(), [join(root, 'out/main/cli.js'), ...process.argv.slice(2)]);
});
