import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { systemBrowser } from './browser.mjs';
import { failureOf } from './failure.mjs';
import { node24, projectEnv, tool } from './project.mjs';
import { run } from './run.mjs';

/** System commands that tests need, with their Debian packages. */
const debianPackages = {
  'chromium-headless-shell': 'chromium-headless-shell',
  'dbus-run-session': 'dbus',
  'gnome-keyring-daemon': 'gnome-keyring',
  pgbouncer: 'pgbouncer',
  strace: 'strace',
};

/** Whether a command is on the PATH. */
export const hasCommand = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

/**
 * Installs the system packages that tests use (browser, keychain service, connection pooler, tracer), if this user
 * may.
 */
export async function provideSystemPackages() {
  const missing = Object.entries(debianPackages).filter(([command]) => !hasCommand(command));
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (missing.length > 0 && mayInstall) await aptInstall(missing.map(([, name]) => name));
  if (!(await hasBrowser())) await installPlaywrightBrowser();
}

/** Whether the browser used by playwright.config.ts is installed: Debian's, or else Playwright's own. */
export async function hasBrowser() {
  if (systemBrowser() !== undefined) return true;
  const { chromium } = await import('playwright');
  return existsSync(chromium.executablePath());
}

async function aptInstall(packages) {
  process.stderr.write(`Installing ${packages.join(', ')}…\n`);
  const env = projectEnv({ DEBIAN_FRONTEND: 'noninteractive' });
  const aptGet = (args) => run('apt-get', [...WAIT_FOR_OTHERS, ...args], { env, quiet: true });
  const install = () => aptGet(['install', '-y', '--no-install-recommends', ...packages]);
  if ((await install()).code === 0) return;
  await aptGet(['update']);
  const result = await install();
  if (result.code !== 0) process.stderr.write(`${failureOf('apt-get install', result).message}\n`);
}

/** Waits for other installations that hold dpkg's lock. */
const WAIT_FOR_OTHERS = ['-o', 'DPkg::Lock::Timeout=600'];

async function installPlaywrightBrowser() {
  process.stderr.write("Installing Playwright's browser…\n");
  const cli = tool('playwright', 'cli.js');
  const result = await run(node24(), [cli, 'install', 'chromium'], { env: projectEnv(), quiet: true });
  if (result.code !== 0) process.stderr.write(`${failureOf('playwright install', result).message}\n`);
}
