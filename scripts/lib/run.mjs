import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { failureOf, sentenceOf } from './failure.mjs';
import { root } from './project.mjs';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a command to its end. Returns `{ code, signal, output }`; `code` is 127 if it could not be started. `quiet`
 * captures its output in `output` instead of showing it; `timeoutMs` kills it and everything it started.
 */
export function run(command, args, { env, quiet = false, timeoutMs, shell = false } = {}) {
  const ownGroup = timeoutMs !== undefined && process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: env ?? process.env,
      shell,
      detached: ownGroup,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    const kill = (signal) => {
      try {
        if (ownGroup && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It has ended meanwhile.
      }
    };

    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));

    let timedOut = false;
    const timer =
      timeoutMs &&
      setTimeout(() => {
        timedOut = true;
        kill('SIGKILL');
      }, timeoutMs);
    // Waits for the command to end first, so that nothing is left half done.
    let interruption;
    const onSignal = (signal) => {
      interruption = signal;
      kill(signal);
    };
    for (const signal of forwarded) process.on(signal, onSignal);

    const settle = (result) => {
      clearTimeout(timer);
      for (const signal of forwarded) process.off(signal, onSignal);
      if (interruption) process.exit(128 + constants.signals[interruption]);
      resolve({ ...result, timedOut, output: Buffer.concat(chunks).toString('utf8') });
    };
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      settle({ code: 127, signal: null });
    });
    child.on('close', (code, signal) => settle({ code, signal }));
  });
}

/** Runs a command quietly; on failure throws one sentence that says why and what to do. */
export async function mustRun(what, command, args, options = {}) {
  const result = await run(command, args, { ...options, quiet: true });
  if (result.code !== 0) throw failureOf(what, result);
}

/**
 * Hands the terminal over to a program: it inherits stdio and receives our signals, and this process ends the way it
 * ends.
 */
export function become(command, args, { env } = {}) {
  const child = spawn(command, args, { env: env ?? process.env, stdio: 'inherit' });
  endAs(child);
}

/**
 * Forwards signals to a child and ends this process with the child's signal, or with its exit code as mapped by
 * `last`.
 */
export function endAs(child, last = (code) => code) {
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  // `close`, not `exit`: by then its last output has been read.
  child.on('close', async (code, signal) => {
    for (const name of forwarded) process.removeAllListeners(name);
    if (signal === null) process.exit(await last(code ?? 1));
    process.kill(process.pid, signal);
  });
}

/** Runs a script's main function; prints failures as one line, not a stack trace. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exit(1);
  }
}
