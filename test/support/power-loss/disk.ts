import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Operation } from './operations';

/** Returns a whole number below a bound. */
export type Random = (below: number) => number;

/**
 * What a power cut leaves of the writes that no sync has covered, per file:
 * - `none`, `all` of them;
 * - `first`: those up to some write, which is truncated or torn;
 * - `some`: each one independently kept, dropped, truncated or torn.
 */
export const LEFTOVERS = ['none', 'all', 'first', 'some'] as const;
export type Leftover = (typeof LEFTOVERS)[number];

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };
type NameChange = Extract<Operation, { kind: 'folder' | 'create' | 'rename' | 'unlink' }>;

/** A file's content that is certainly on disk, and the changes since. */
interface File {
  content: Buffer;
  size: number;
  waiting: Change[];
}

export interface Disk {
  apply(operation: Operation): void;
  /**
   * Writes into `folder` what a power cut at this moment could leave. Returns how many changes no sync had covered.
   */
  lay(folder: string, leftover: Leftover, random: Random): number;
}

/** The unit that a disk writes atomically; SQLite and file systems rely on it. */
const SECTOR = 512;

/**
 * A file system that keeps nothing beyond its guarantees, and so is harsher than ext4 with `data=ordered`:
 * - A file's content at its last sync is certain. Later writes and truncations reach the disk or not, independently
 *   and in any order, whole or in part: truncated at any byte, or with each sector old or new. If a write that
 *   extended the file survives and an earlier one does not, zeros fill the gap.
 * - Directory entries (created, renamed, removed) are certain after a sync of the folder. Later changes survive in
 *   order, up to any of them, as with a journal; but unlike ext4, syncing a file makes no name certain, and a rename
 *   does not wait for the file's bytes.
 * - The data folder itself exists, and synced data is never damaged later.
 */
export function createDisk(): Disk {
  const files = new Map<number, File>();
  const names = new Map<string, number | 'folder'>([['', 'folder']]);
  let waitingNames: NameChange[] = [];

  const fileOf = (id: number): File => {
    let file = files.get(id);
    if (!file) files.set(id, (file = { content: Buffer.alloc(0), size: 0, waiting: [] }));
    return file;
  };

  return {
    apply(operation) {
      switch (operation.kind) {
        case 'folder':
        case 'create':
        case 'rename':
        case 'unlink':
          waitingNames.push(operation);
          return;
        case 'write':
        case 'truncate':
          fileOf(operation.file).waiting.push(operation);
          return;
        case 'sync': {
          const file = fileOf(operation.file);
          for (const change of file.waiting) settle(file, change);
          file.waiting = [];
          return;
        }
        case 'sync-folder':
          for (const change of waitingNames) rename(names, change);
          waitingNames = [];
          return;
        case 'stored':
        case 'secret':
      }
    },
    lay(folder, leftover, random) {
      const seen = new Map(names);
      const known = leftover === 'none' ? 0 : random(waitingNames.length + 1);
      for (const change of leftover === 'all' ? waitingNames : waitingNames.slice(0, known))
        rename(seen, change);
      let uncovered = waitingNames.length;
      for (const [name, id] of seen) {
        const path = join(folder, name);
        if (id === 'folder') {
          mkdirSync(path, { recursive: true });
          continue;
        }
        const file = fileOf(id);
        uncovered += file.waiting.length;
        mkdirSync(dirname(path), { recursive: true });
        const descriptor = openSync(path, 'w', 0o600);
        writeSync(descriptor, file.content, 0, file.size, 0);
        for (const change of chosen(file.waiting, leftover, random)) put(descriptor, change);
        closeSync(descriptor);
      }
      return uncovered;
    },
  };
}

function rename(names: Map<string, number | 'folder'>, change: NameChange): void {
  switch (change.kind) {
    case 'folder':
      names.set(change.path, 'folder');
      return;
    case 'create':
      names.set(change.path, change.file);
      return;
    case 'unlink':
      names.delete(change.path);
      return;
    case 'rename': {
      const file = names.get(change.path);
      names.delete(change.path);
      if (file !== undefined) names.set(change.to, file);
    }
  }
}

function settle(file: File, change: Change): void {
  const end = change.kind === 'truncate' ? change.size : change.offset + change.bytes.byteLength;
  if (end > file.content.byteLength) {
    const larger = Buffer.alloc(Math.max(end, 2 * file.content.byteLength));
    file.content.copy(larger, 0, 0, file.size);
    file.content = larger;
  }
  if (change.kind === 'write') {
    change.bytes.copy(file.content, change.offset);
    file.size = Math.max(file.size, end);
  } else {
    // A later extension of the file finds zeros there.
    file.content.fill(0, Math.min(end, file.size), file.size);
    file.size = end;
  }
}

function put(descriptor: number, change: Change): void {
  if (change.kind === 'truncate') ftruncateSync(descriptor, change.size);
  else writeSync(descriptor, change.bytes, 0, change.bytes.byteLength, change.offset);
}

/** Which pending changes reached the disk. */
function chosen(waiting: readonly Change[], leftover: Leftover, random: Random): readonly Change[] {
  switch (leftover) {
    case 'none':
      return [];
    case 'all':
      return waiting;
    case 'first': {
      const whole = random(waiting.length + 1);
      return waiting
        .slice(0, whole + 1)
        .flatMap((change, index) => (index < whole ? [change] : damaged(change, random)));
    }
    case 'some':
      return waiting.flatMap((change) => {
        const fate = random(4);
        if (fate < 2) return fate === 0 ? [] : [change];
        return damaged(change, random);
      });
  }
}

function damaged(change: Change, random: Random): Change[] {
  if (change.kind === 'truncate') return [];
  const { offset, bytes } = change;
  if (random(2) === 0) return [{ ...change, bytes: bytes.subarray(0, random(bytes.byteLength + 1)) }];
  const sectors: Change[] = [];
  for (let start = 0; start < bytes.byteLength;) {
    const end = Math.min(bytes.byteLength, start + SECTOR - ((offset + start) % SECTOR));
    if (random(2) === 0)
      sectors.push({ kind: 'write', offset: offset + start, bytes: bytes.subarray(start, end) });
    start = end;
  }
  return sectors;
}
