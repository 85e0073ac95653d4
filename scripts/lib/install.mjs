import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './alone.mjs';
import { failureOf } from './failure.mjs';
import { hasBundledNode, root } from './project.mjs';
import { mustRun, run } from './run.mjs';

const npm = (args, options = {}) => ['npm', args, { shell: process.platform === 'win32', ...options }];
const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/** Installs the locked packages when node_modules is missing or is not what package-lock.json says. */
export async function ensureInstalled() {
  if (isInstalled() && hasBundledNode()) return;
  await alone('install', install);
}

async function install() {
  if (!isInstalled()) {
    process.stderr.write('Installing packages…\n');
    // Scripts are run below, so that every npm runs the same ones: npm 10 would run all of them, among
    // them a compiler for better-sqlite3, whose binaries are in its package.
    await installPackages();
  }
  await ensureNode24();
}

async function installPackages() {
  const ci = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const result = await run(...npm(ci, { quiet: true }));
  if (result.code === 0) return;
  // A cache that may not be written (another user's, a read-only disk) is no reason to do without the packages.
  // npm names the place only: for a read-only disk the code is ENOENT.
  const isCacheRefused = /_cacache|cache folder/.test(result.output);
  if (!isCacheRefused) throw failureOf('npm ci', result);
  await mustRun('npm ci', ...npm([...ci, '--cache', join(root, '.cache', 'npm')]));
}

/** Whether npm's own record of node_modules agrees with the lockfile; other platforms' packages may lack. */
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

/** The `node` package fetches its binary in an install script; without it, this Node will do if it is a 24. */
async function ensureNode24() {
  if (hasBundledNode()) return;
  const allowed = Object.entries(readJson('package.json').allowScripts).filter(([, allow]) => allow);
  try {
    await mustRun('npm rebuild', ...npm(['rebuild', ...allowed.map(([name]) => name)]));
  } catch (error) {
    if (Number(process.versions.node.split('.')[0]) < 24) throw error;
  }
}
