// `npm start`: installs what is missing, builds if needed, opens the app in a window or, where no window can
// be opened, serves the same interface on loopback. Arguments after `--` go to Electron or to `serve`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt } from './lib/build.mjs';
import { findElectron } from './lib/electron.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { node24, projectEnv, root } from './lib/project.mjs';
import { become, endAs, main, run } from './lib/run.mjs';

const args = process.argv.slice(2);

function serve() {
  const child = spawn(node24(), [join(root, 'out/main/cli.js'), 'serve', ...args], {
    env: projectEnv(),
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const ready = readyLine(line);
    process.stdout.write(ready ? readyText(ready) : `${line}\n`);
  });
  endAs(child);
}

/** A link to the Prompter that runs on this data folder already, where one does and serves. */
async function linkOfRunning() {
  const { code, output } = await run(node24(), [join(root, 'out/main/cli.js'), 'link'], {
    env: projectEnv(),
    quiet: true,
  });
  return code === 0 ? output.trim() : undefined;
}

const readyText = ({ url, link }) =>
  link
    ? `Prompter is ready. Open it with this link within 5 minutes (it works once):\n  ${link}\n`
    : `Prompter is ready: ${url}\n`;

/** The line that `prompter serve` prints once it listens (docs/interfaces.md#loopback-api). */
function readyLine(line) {
  try {
    const value = JSON.parse(line);
    return typeof value?.url === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { program, reason } = await findElectron();
  const link = program ? undefined : await linkOfRunning();
  if (link) {
    process.stdout.write(
      `Prompter is already running. Open it with this link within 5 minutes (it works once):\n  ${link}\n`,
    );
  } else if (program) {
    become(program, [root, ...args], { env: projectEnv() });
  } else {
    process.stdout.write(
      `No window, because ${reason}. Serving the same interface in the browser instead.\n`,
    );
    serve();
  }
});
