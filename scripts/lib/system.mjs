import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { systemBrowser } from './browser.mjs';
import { failureOf } from './failure.mjs';
import { node24, projectEnv, tool } from './project.mjs';
import { run } from './run.mjs';

/** Commands that tests need from the system, and the Debian package that brings each. */
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

/** Brings what the tests use of the system (browser, keychain service, connection pooler, tracer), where this user may install them. */
export async function provideSystemPackages() {
  const missing = Object.entries(debianPackages).filter(([command]) => !hasCommand(command));
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (missing.length > 0 && mayInstall) await aptInstall(missing.map(([, name]) => name));
  if (!(await hasBrowser())) await installPlaywrightBrowser();
}

/** Whether the browser is there that playwright.config.ts takes: Debian's, or else Playwright's own. */
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

/** Another installation on this machine holds dpkg's lock for a while. */
const WAIT_FOR_OTHERS = ['-o', 'DPkg::Lock::Timeout=600'];

async function installPlaywrightBrowser() {
  process.stderr.write("Installing Playwright's browser…\n");
  const cli = tool('playwright', 'cli.js');
  const result = await run(node24(), [cli, 'install', 'chromium'], { env: projectEnv(), quiet: true });
  if (result.code !== 0) process.stderr.write(`${failureOf('playwright install', result).message}\n`);
}
