// `npm start`: installs what is missing, builds if needed, and opens the app in a window; if no window can be opened,
// serves the same interface on loopback. Arguments after `--` go to Electron or to `serve`.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureBuilt } from './lib/build.mjs';
import { findElectron } from './lib/electron.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { cliArgs, node24, projectEnv, root } from './lib/project.mjs';
import { become, endAs, main, run } from './lib/run.mjs';

const args = process.argv.slice(2);

/** How long a Prompter that was started at the same time may take to start serving. */
const LINK_LIMIT_MS = 15_000;
const LINK_EVERY_MS = 250;

function serve() {
  const child = spawn(node24(), cliArgs('serve', '--json', ...args), {
    env: projectEnv(),
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let refusal;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { url, link, error } = documentOf(line);
    if (error?.code === 'STORE_LOCKED') refusal = error;
    else if (error) process.stderr.write(`error: ${error.message}\n`);
    else process.stdout.write(url ? readyText({ url, link }) : `${line}\n`);
  });
  endAs(child, async (code) => {
    if (!refusal) return code;
    // Another start was faster and may not be serving yet.
    const link = await linkWithin(LINK_LIMIT_MS);
    if (link) process.stdout.write(runningText(link));
    else process.stderr.write(`error: ${refusal.message}\n`);
    return link ? 0 : code;
  });
}

async function linkWithin(ms) {
  const end = performance.now() + ms;
  for (;;) {
    const link = await linkOfRunning();
    if (link || performance.now() >= end) return link;
    await delay(LINK_EVERY_MS);
  }
}

/** A link to the Prompter already running on this data folder, if it is serving. */
async function linkOfRunning() {
  const { code, output } = await run(node24(), cliArgs('link'), {
    env: projectEnv(),
    quiet: true,
  });
  return code === 0 ? output.trim() : undefined;
}

const readyText = ({ url, link }) =>
  link
    ? `Prompter is ready. Open it with this link within 5 minutes (it works once):\n  ${link}\n`
    : `Prompter is ready: ${url}\n`;

const runningText = (link) =>
  `Prompter is already running. Open it with this link within 5 minutes (it works once):\n  ${link}\n`;

/** Parses a line of `prompter serve`: that it listens, or why not (docs/interfaces.md#loopback-api). */
function documentOf(line) {
  try {
    const value = JSON.parse(line);
    return { url: value?.url, link: value?.link, error: value?.error };
  } catch {
    return {};
  }
}

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { program, reason } = await findElectron();
  const link = program ? undefined : await linkOfRunning();
  if (link) {
    process.stdout.write(runningText(link));
  } else if (program) {
    become(program, [root, ...args], { env: projectEnv() });
  } else {
    process.stdout.write(
      `No window, because ${reason}. Serving the same interface in the browser instead.\n`,
    );
    serve();
  }
});
