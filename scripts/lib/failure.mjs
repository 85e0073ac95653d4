import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './project.mjs';

/** Common failures on new machines, by npm's or the system's error code, and what to do about them. */
const WAYS_OUT = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR)\b/,
    'the npm registry cannot be reached. Check the network, HTTPS_PROXY and `npm config get registry`, then run this again',
  ],
  [/\bENOSPC\b/, 'the disk is full. Free some space, then run this again'],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    'a file or folder is not writable. Check that the project folder and its files are yours (`ls -l`), then run this again',
  ],
  [
    /\b(EINTEGRITY|Z_BUF_ERROR|ERR_INVALID_ARG_TYPE)\b/,
    'a package arrived damaged. Run `npm cache verify`, then run this again',
  ],
  [
    /\b(E401|E403|E404)\b/,
    'the npm registry refused a package. Check `npm config get registry` and its sign-in, then run this again',
  ],
  [/spawn npm ENOENT/, 'there is no `npm` on the PATH. Install it with Node, then run this again'],
];

/** One sentence on why a command failed and what to do; names the file that keeps the output. */
export function failureOf(what, { code, signal, timedOut, output }) {
  const way = WAYS_OUT.find(([pattern]) => pattern.test(output))?.[1];
  const reason = timedOut
    ? 'it took too long and was stopped'
    : (way ?? lineOfError(output) ?? `it ended with ${signal ?? `exit code ${code}`}`);
  const log = keep(what, output);
  return new Error(
    `${what} failed: ${reason.replace(/[.\s]+$/, '')}.${log === null ? '' : ` Details: ${log}`}`,
  );
}

/** One sentence for an error thrown by a script: system codes in words, other errors as they are. */
export function sentenceOf(error) {
  if (!(error instanceof Error)) return String(error);
  if (!('syscall' in error)) return error.message;
  const way = WAYS_OUT.find(([pattern]) => pattern.test(error.code ?? ''))?.[1];
  return way === undefined ? error.message : `${error.path ?? error.syscall}: ${way}.`;
}

/** The first line that mentions an error, else the last line. */
function lineOfError(output) {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/complete log|^npm error (code|errno|syscall|path) /i.test(line));
  return (lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1))?.replace(/^npm (error|ERR!) */, '');
}

/** Null if it cannot be written, which must not hide the failure itself. */
function keep(what, output) {
  const file = join(root, '.cache', `${what.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.log`);
  try {
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(file, output);
    return file;
  } catch {
    return null;
  }
}
