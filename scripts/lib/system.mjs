import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { node24, projectEnv, tool } from './project.mjs';
import { run } from './run.mjs';

/** Commands that tests need from the system, and the Debian package that brings each. */
const debianPackages = {
  chromium: 'chromium',
  'dbus-run-session': 'dbus',
  'gnome-keyring-daemon': 'gnome-keyring',
  pgbouncer: 'pgbouncer',
};

/** Whether a command is on the PATH. */
export const hasCommand = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

/** Brings the browser, the keychain service and the connection pooler that the tests use, where this user may install them. */
export async function provideSystemPackages() {
  const missing = Object.entries(debianPackages).filter(([command]) => !hasCommand(command));
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (missing.length > 0 && mayInstall) await aptInstall(missing.map(([, name]) => name));
  if (!hasCommand('chromium')) await installPlaywrightBrowser();
}

async function aptInstall(packages) {
  process.stderr.write(`Installing ${packages.join(', ')}…\n`);
  const env = projectEnv({ DEBIAN_FRONTEND: 'noninteractive' });
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, quiet: true });
  if ((await install()).code === 0) return;
  await run('apt-get', ['update'], { env, quiet: true });
  const { code, output } = await install();
  if (code !== 0) process.stderr.write(output);
}

async function installPlaywrightBrowser() {
  process.stderr.write("Installing Playwright's browser…\n");
  const cli = tool('playwright', 'cli.js');
  const { code, output } = await run(node24(), [cli, 'install', 'chromium'], {
    env: projectEnv(),
    quiet: true,
  });
  if (code !== 0) process.stderr.write(output);
}
