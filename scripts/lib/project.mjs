import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `Prompter needs Node ${OLDEST_NODE} or later to install and build itself; this is ${process.version}.\n`,
  );
  process.exit(1);
}

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const windows = process.platform === 'win32';
const bundledNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** Whether the `node` package has installed its binary. */
export const hasBundledNode = () => existsSync(bundledNode);

/** The Node 24 that runs the product and all tools, whichever Node started this script. */
export const node24 = () => (hasBundledNode() ? bundledNode : process.execPath);

/** This environment with Node 24 and the project's tools first on the PATH. */
export function projectEnv(extra = {}) {
  const path = [dirname(node24()), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(
    delimiter,
  );
  return { ...process.env, PATH: path, ...extra };
}

/** A file of an installed package, as a path: `tool('vitest', 'vitest.mjs')`. */
export const tool = (name, file) => join(root, 'node_modules', name, file);

const nodeFlags = JSON.parse(readFileSync(join(root, 'scripts/lib/node-flags.json'), 'utf8'));

/**
 * How the product is started in Node 24. V8's initial young generation of 1 MB is smaller than the calls in flight,
 * so it copies each one twice and frees it late; left to grow, it costs a comparison some 80 MB more
 * (docs/performance.md#memory).
 */
export const cliArgs = (...args) => [...nodeFlags, join(root, 'out/main/cli.js'), ...args];
