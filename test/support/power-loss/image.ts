import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createCore } from '../../../src-main/core';
import { resolveConfig } from '../../../src-main/home';
import { isAppError } from '../../../src-shared/domain';
import type { Core } from '../../../src-main/ports';
import { memoryKeychain, randomNumbers } from '../audit/audit-history';
import { createDisk, LEFTOVERS } from './disk';
import type { Operation } from './operations';

/** A moment in a recording at which power fails. */
export interface Cut {
  readonly number: number;
  /** Number of operations before the cut. */
  readonly at: number;
}

export interface ImageReport {
  readonly cut: Cut;
  /** How many answers had been reported as stored, and which of them are missing or changed in the image. */
  readonly promised: number;
  readonly lost: readonly string[];
  /** Other problems found. */
  readonly problems: readonly string[];
  /** Number of audit checkpoints in the image. */
  readonly checkpoints: number;
  /** Number of changes that no sync had covered. */
  readonly uncovered: number;
  readonly told: string;
  /** Writes a pristine copy of the image; valid until the next image is requested. */
  layAgain(folder: string): void;
}

/**
 * The requested number of cuts, in order, spread evenly over the sync boundaries. Each boundary's first cut is just
 * before its sync, when most is at stake; the others fall anywhere since the previous boundary.
 */
export function cutsOf(operations: readonly Operation[], count: number, seed: number): Cut[] {
  const boundaries = boundariesOf(operations);
  const random = randomNumbers(seed);
  let last = -1;
  return Array.from({ length: count }, (_, number) => {
    const index = Math.floor((number * boundaries.length) / count);
    const boundary = boundaries[index] ?? 0;
    const before = boundaries[index - 1] ?? 0;
    const at = index === last ? before + random(boundary - before + 1) : boundary;
    last = index;
    return { number, at };
  }).toSorted((one, other) => one.at - other.at);
}

/** Each sync, and the end. */
export function boundariesOf(operations: readonly Operation[]): number[] {
  const syncs = operations.flatMap(({ kind }, index) =>
    kind === 'sync' || kind === 'sync-folder' ? [index] : [],
  );
  return [...syncs, operations.length];
}

/** Creates an image at each cut, lets the product open it, and checks its contents. */
export async function* images(
  operations: readonly Operation[],
  cuts: readonly Cut[],
  seed: number,
): AsyncGenerator<ImageReport> {
  const disk = createDisk();
  const promised = new Map<string, string>();
  const secrets = new Map<string, string | null>();
  let done = 0;
  for (const cut of cuts) {
    for (; done < cut.at; done += 1) {
      const operation = operations[done];
      if (operation === undefined) break;
      if (operation.kind === 'stored') promised.set(operation.run_id, operation.sha256);
      else if (operation.kind === 'secret') secrets.set(operation.ref, operation.secret);
      else disk.apply(operation);
    }
    const leftover = LEFTOVERS[randomNumbers(seed + cut.number)(LEFTOVERS.length)] ?? 'none';
    const lay = (folder: string): number =>
      disk.lay(folder, leftover, randomNumbers(seed * 1_000_003 + cut.number));
    const home = memoryFolder();
    try {
      yield {
        cut,
        promised: promised.size,
        uncovered: lay(home),
        told: `image ${cut.number} of seed ${seed}: ${cut.at} operations, then ${leftover} of what was not synced`,
        layAgain: lay,
        ...(await examine(home, promised, secrets)),
      };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
}

/** In memory if possible, since the disk itself is not under test. */
function memoryFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'prompter-power-'));
}

async function examine(
  home: string,
  promised: ReadonlyMap<string, string>,
  secrets: ReadonlyMap<string, string | null>,
): Promise<Pick<ImageReport, 'lost' | 'problems' | 'checkpoints'>> {
  const problems: string[] = [];
  let lost: string[] = [];
  let checkpoints = 0;
  const vault = memoryKeychain();
  for (const [ref, secret] of secrets) if (secret !== null) await vault.set(ref, secret);
  const env = { PROMPTER_HOME: home };
  try {
    const core = await createCore({ config: resolveConfig(env), appVersion: 'test', env, vault });
    try {
      lost = [...promised].flatMap(([runId, sha256]) => (sha256Of(core, runId) === sha256 ? [] : [runId]));
      const audit = await core.audit.verify();
      checkpoints = audit.checkpoints;
      if (!audit.ok) problems.push(`audit verify: ${JSON.stringify(audit.problems)}`);
    } finally {
      await core.close();
    }
    const check = quickCheck(join(home, 'prompter.db'));
    if (check !== 'ok') problems.push(`quick_check: ${check}`);
  } catch (error) {
    problems.push(`it could not be opened: ${String(error)}`);
  }
  return { lost, problems, checkpoints };
}

/** Null if the store has no such answer. */
function sha256Of(core: Core, runId: string): string | null {
  try {
    return hash('sha256', core.runs.raw({ run_id: runId }).bytes);
  } catch (error) {
    if (isAppError(error) && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

function quickCheck(path: string): string {
  const db = new Database(path, { readonly: true });
  try {
    return String(db.pragma('quick_check', { simple: true }));
  } finally {
    db.close();
  }
}
