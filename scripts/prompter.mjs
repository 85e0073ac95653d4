#!/usr/bin/env node
// `npx prompter …`: the command line, on Node 24 and an up-to-date build.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { cliArgs, node24 } from './lib/project.mjs';
import { become, main } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  become(node24(), cliArgs(...process.argv.slice(2)));
});
