import { relative } from 'node:path';
import { keptAs, reportedAs, type Operation } from './operations';
import { firstNumber, lastNumber, stringsOf, type SystemCall } from './system-calls';

/** What a traced process's descriptor refers to, if relevant here. */
type Opened =
  | { readonly kind: 'file'; readonly file: number; readonly append: boolean; position: number }
  | { readonly kind: 'folder' }
  | { readonly kind: 'keychain' }
  | { readonly kind: 'shared-memory' };

/**
 * Translates system calls into operations on the folder. An unknown call on one of its files is an error: a recording
 * with gaps would prove nothing.
 */
export function createInterpreter({ home, keychain }: { home: string; keychain: string }) {
  const operations: Operation[] = [];
  const folders = new Set<string>();
  const names = new Map<string, number>();
  const sizes = new Map<number, number>();
  let opened = new Map<number, Opened>();
  let said = '';

  /** Null if outside the folder. */
  const inHome = (path: Buffer | undefined): string | null => {
    const name = path === undefined ? '..' : relative(home, path.toString());
    return name.startsWith('..') ? null : name;
  };

  const open = (call: SystemCall): void => {
    const path = stringsOf(call)[0];
    opened.delete(call.result);
    if (path?.toString() === keychain) opened.set(call.result, { kind: 'keychain' });
    const name = inHome(path);
    if (name === null) return;
    if (folders.has(name)) {
      opened.set(call.result, { kind: 'folder' });
      return;
    }
    if (name.endsWith('-shm')) {
      opened.set(call.result, { kind: 'shared-memory' });
      return;
    }
    let file = names.get(name);
    if (file === undefined) {
      if (!call.args.includes('O_CREAT')) throw new Error(`${name} was there before the recording began.`);
      file = sizes.size;
      names.set(name, file);
      sizes.set(file, 0);
      operations.push({ kind: 'create', path: name, file });
    } else if (call.args.includes('O_TRUNC') && sizes.get(file) !== 0) {
      truncate(file, 0);
    }
    opened.set(call.result, { kind: 'file', file, append: call.args.includes('O_APPEND'), position: 0 });
  };

  const truncate = (file: number, size: number): void => {
    sizes.set(file, size);
    operations.push({ kind: 'truncate', file, size });
  };

  const writeAt = (file: number, offset: number, bytes: Buffer): void => {
    sizes.set(file, Math.max(sizes.get(file) ?? 0, offset + bytes.byteLength));
    operations.push({ kind: 'write', file, offset, bytes });
  };

  /** A write at the descriptor's current offset. */
  const write = (call: SystemCall): void => {
    const descriptor = firstNumber(call);
    const target = opened.get(descriptor);
    if (descriptor !== 2 && target === undefined) return;
    const bytes = Buffer.concat(stringsOf(call)).subarray(0, call.result);
    if (descriptor === 2) {
      const lines = `${said}${bytes.toString()}`.split('\n');
      said = lines.pop() ?? '';
      operations.push(...lines.flatMap(reportedAs));
    } else if (target?.kind === 'keychain') {
      operations.push(keptAs(bytes.toString()));
    } else if (target?.kind === 'file') {
      const offset = target.append ? (sizes.get(target.file) ?? 0) : target.position;
      writeAt(target.file, offset, bytes);
      target.position = offset + bytes.byteLength;
    }
  };

  const onFile = (call: SystemCall, act: (file: number) => void): void => {
    const target = opened.get(firstNumber(call));
    if (target?.kind === 'file') act(target.file);
  };

  const rename = (call: SystemCall): void => {
    const [path, to] = stringsOf(call).map(inHome);
    if ((path ?? null) === null && (to ?? null) === null) return;
    const file = names.get(path ?? '');
    if (file === undefined || typeof to !== 'string') throw notUnderstood(call);
    names.delete(path ?? '');
    names.set(to, file);
    operations.push({ kind: 'rename', path: path ?? '', to });
  };

  const unlink = (call: SystemCall): void => {
    const path = inHome(stringsOf(call)[0]);
    if (path === null || path.endsWith('-shm')) return;
    if (!names.delete(path)) throw notUnderstood(call);
    operations.push({ kind: 'unlink', path });
  };

  const makeFolder = (call: SystemCall): void => {
    const path = inHome(stringsOf(call)[0]);
    if (path === null) return;
    folders.add(path);
    operations.push({ kind: 'folder', path });
  };

  const sync = (call: SystemCall): void => {
    const target = opened.get(firstNumber(call));
    if (target?.kind === 'file') operations.push({ kind: 'sync', file: target.file });
    if (target?.kind === 'folder') operations.push({ kind: 'sync-folder' });
  };

  /**
   * Writes to mapped memory are not system calls, so only SQLite's WAL index, which is rebuilt on opening, may be
   * mapped.
   */
  const map = (call: SystemCall): void => {
    if (!call.args.includes('MAP_SHARED') || !call.args.includes('PROT_WRITE')) return;
    const descriptor = Number(call.args.split(', ')[4]);
    if (opened.get(descriptor)?.kind === 'file') throw notUnderstood(call);
  };

  return {
    operations,
    /** Descriptors belong to one process; names and files persist. */
    newProcess(): void {
      opened = new Map();
      said = '';
    },
    take(call: SystemCall): void {
      switch (call.name) {
        case 'open':
        case 'openat':
        case 'creat':
          return open(call);
        case 'close':
          return void opened.delete(firstNumber(call));
        case 'write':
        case 'writev':
          return write(call);
        case 'pwrite64':
          return onFile(call, (file) => {
            const bytes = Buffer.concat(stringsOf(call)).subarray(0, call.result);
            writeAt(file, lastNumber(call), bytes);
          });
        case 'ftruncate':
          return onFile(call, (file) => truncate(file, lastNumber(call)));
        case 'lseek': {
          const target = opened.get(firstNumber(call));
          if (target?.kind === 'file') target.position = call.result;
          return;
        }
        case 'fsync':
        case 'fdatasync':
          return sync(call);
        case 'rename':
        case 'renameat':
        case 'renameat2':
          return rename(call);
        case 'unlink':
        case 'unlinkat':
          return unlink(call);
        case 'mkdir':
        case 'mkdirat':
          return makeFolder(call);
        case 'mmap':
          return map(call);
        default: {
          const target = opened.get(firstNumber(call));
          const byName = stringsOf(call).some((path) => inHome(path) !== null);
          if (byName || target?.kind === 'file') throw notUnderstood(call);
        }
      }
    },
  };
}

function notUnderstood(call: SystemCall): Error {
  return new Error(`The recording does not understand ${call.name}(${call.args.slice(0, 200)}).`);
}
