import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './alone.mjs';
import { node24, projectEnv, root, tool } from './project.mjs';
import { mustRun } from './run.mjs';

const product = {
  label: 'Building…',
  stamp: join(root, 'out', '.product-stamp'),
  args: ['build'],
};
const bench = {
  label: 'Building the benchmarks…',
  stamp: join(root, 'out', '.bench-stamp'),
  args: ['build', '--mode', 'bench', '--ignoreConfigWarning'],
};
const sources = ['src-main', 'src-renderer', 'src-shared', 'migrations', 'resources'];
const settings = ['electron.vite.config.ts', 'package-lock.json', 'package.json'];

/** Builds the product into out/ unless the build is up to date. */
export const ensureBuilt = () => ensure(product, [...sources, ...settings]);

/** Builds the benchmark suite into out/bench/ unless it is up to date. */
export const ensureBenchBuilt = () => ensure(bench, ['test/bench', ...sources, ...settings]);

async function ensure(target, inputs) {
  const isBuilt = () =>
    existsSync(target.stamp) && readFileSync(target.stamp, 'utf8') === fingerprint(inputs);
  if (isBuilt()) return;
  await alone('build', async () => {
    // Another process may have finished this very build while we waited.
    if (!isBuilt()) await build(target, fingerprint(inputs));
  });
}

async function build({ label, stamp, args }, now) {
  process.stderr.write(`${label}\n`);
  rmSync(stamp, { force: true });
  await mustRun('The build', node24(), [tool('electron-vite', 'bin/electron-vite.js'), ...args], {
    env: projectEnv(),
  });
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stamp, now);
}

/** Changes when a source file is added, removed, moved or written. */
function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesOf).filter((path) => !/\.test\.tsx?$/.test(path))) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function filesOf(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .toSorted()
    .flatMap((name) => filesOf(join(path, name)));
}
