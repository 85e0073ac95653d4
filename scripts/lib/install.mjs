import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './alone.mjs';
import { failureOf } from './failure.mjs';
import { hasBundledNode, root } from './project.mjs';
import { mustRun, run } from './run.mjs';

const npm = (args, options = {}) => ['npm', args, { shell: process.platform === 'win32', ...options }];
const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/** Installs the locked packages if node_modules is missing or differs from package-lock.json. */
export async function ensureInstalled() {
  if (isInstalled() && hasBundledNode()) return;
  await alone('install', install);
}

async function install() {
  if (!isInstalled()) {
    process.stderr.write('Installing packages…\n');
    // Install scripts are run below, so that every npm runs the same ones: npm 10 would run all, including a compiler
    // for better-sqlite3, which ships binaries.
    await installPackages();
  }
  await ensureNode24();
}

async function installPackages() {
  const ci = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const result = await run(...npm(ci, { quiet: true }));
  if (result.code === 0) return;
  // An unwritable npm cache (another user's, a read-only disk) must not prevent the installation. Matched by path,
  // because for a read-only disk npm's code is just ENOENT.
  const isCacheRefused = /_cacache|cache folder/.test(result.output);
  if (!isCacheRefused) throw failureOf('npm ci', result);
  await mustRun('npm ci', ...npm([...ci, '--cache', join(root, '.cache', 'npm')]));
}

/** Whether npm's own record of node_modules matches the lockfile; packages for other platforms may be missing. */
function isInstalled() {
  const record = join('node_modules', '.package-lock.json');
  if (!existsSync(join(root, record))) return false;
  const wanted = readJson('package-lock.json').packages;
  const installed = readJson(record).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' ||
      (installed[path] === undefined ? optional === true : installed[path].version === version),
  );
}

/** The `node` package downloads its binary in an install script; without it, the current Node will do if it is 24. */
async function ensureNode24() {
  if (hasBundledNode()) return;
  const allowed = Object.entries(readJson('package.json').allowScripts).filter(([, allow]) => allow);
  try {
    await mustRun('npm rebuild', ...npm(['rebuild', ...allowed.map(([name]) => name)]));
  } catch (error) {
    if (Number(process.versions.node.split('.')[0]) < 24) throw error;
  }
}
