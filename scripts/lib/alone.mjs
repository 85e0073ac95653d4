import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './project.mjs';

const LOOK_AGAIN_MS = 200;

/**
 * Runs work that two processes must not do at once, such as a build into the same folder: the second waits for the
 * first. The lock is a file with its owner's process id; a killed process's lock is removed.
 */
export async function alone(name, work, folder = join(root, '.cache')) {
  const lock = join(folder, `${name}.lock`);
  mkdirSync(folder, { recursive: true });
  let isTold = false;
  while (!take(lock)) {
    const owner = ownerOf(lock);
    if (owner !== null && !isAlive(owner) && removeStale(lock, owner)) continue;
    if (!isTold) {
      process.stderr.write(`Waiting for process ${owner ?? 'unknown'}, which is doing the same (${lock})…\n`);
      isTold = true;
    }
    await delay(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    // Created but not written: the disk is full.
    rmSync(lock, { force: true });
    throw error;
  }
}

/** Null if the lock is gone or still being written. */
function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process, which we may not signal.
    return error.code === 'EPERM';
  }
}

/** Removes a stale lock. If several processes find it, only one succeeds, and a newer lock is never touched. */
function removeStale(lock, owner) {
  const claim = `${lock}.${owner}`;
  if (!take(claim)) return false;
  if (ownerOf(lock) === owner) rmSync(lock);
  rmSync(claim);
  return true;
}
