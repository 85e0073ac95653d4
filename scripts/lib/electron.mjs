import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, projectEnv, root, tool } from './project.mjs';
import { run } from './run.mjs';

const FETCH_LIMIT_MS = 120_000;
const RETRY_AFTER_MS = 60 * 60 * 1000;
const failedMark = join(root, 'node_modules', '.cache', 'prompter', 'electron-not-fetched');

/** The path of Electron's binary, or why no window can be opened here. */
export async function findElectron() {
  const hindrance = noWindowReason();
  if (hindrance) return { reason: hindrance };
  if (!existsSync(programPath() ?? '')) {
    const reason = await fetchElectron();
    if (reason) return { reason };
  }
  return { program: programPath() };
}

function noWindowReason() {
  if (process.platform === 'linux') {
    const { DISPLAY, WAYLAND_DISPLAY } = process.env;
    if (!DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
    if (process.getuid?.() === 0) return "Electron's sandbox refuses to run as root";
  }
  return undefined;
}

function programPath() {
  const record = tool('electron', 'path.txt');
  if (!existsSync(record)) return undefined;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? tool('electron', 'dist');
  return join(dist, readFileSync(record, 'utf8'));
}

/** Electron's package contains no binary: its installer downloads it. Returns why that failed. */
async function fetchElectron() {
  const reason = "Electron's binary could not be downloaded";
  if (existsSync(failedMark) && Date.now() - statSync(failedMark).mtimeMs < RETRY_AFTER_MS) return reason;
  process.stderr.write('Downloading Electron…\n');
  const { code } = await run(node24(), [tool('electron', 'install.js')], {
    env: projectEnv(),
    quiet: true,
    timeoutMs: FETCH_LIMIT_MS,
  });
  if (code === 0 && existsSync(programPath() ?? '')) {
    rmSync(failedMark, { force: true });
    return undefined;
  }
  mkdirSync(join(failedMark, '..'), { recursive: true });
  writeFileSync(failedMark, '');
  return reason;
}
