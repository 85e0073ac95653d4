import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A successful system call as logged by `strace -xx`: every string in hexadecimal. */
export interface SystemCall {
  readonly pid: string;
  readonly name: string;
  /** The text between the parentheses. */
  readonly args: string;
  readonly result: number;
}

const UNDERSTOOD =
  'openat open creat close pwrite64 write writev ftruncate lseek mmap fsync fdatasync ' +
  'rename renameat renameat2 unlink unlinkat mkdir mkdirat';
/** Calls that would change a file unrecorded: any of these on a file in the folder is an error. */
const REFUSED =
  'pwritev pwritev2 truncate fallocate copy_file_range sendfile splice dup dup2 dup3 ' +
  'link linkat symlink symlinkat rmdir';

export function straceArgs(trace: string): string[] {
  // `?`: not every architecture has all of these calls.
  const calls = `${UNDERSTOOD} ${REFUSED}`.split(' ').map((name) => `?${name}`);
  const options = '-f -qqq -xx -s 100000000 --seccomp-bpf -e signal=none'.split(' ');
  return [...options, '-e', `trace=${calls.join(',')}`, '-o', trace];
}

const UNFINISHED = ' <unfinished ...>';
const RESUMED = /^<\.\.\. \w+ resumed>/;
const CALL = /^(\w+)\((.*)\)\s+= (-?\d+)/;

/** A trace's calls, in the order they ended. */
export async function* systemCalls(trace: string): AsyncGenerator<SystemCall> {
  const begun = new Map<string, string>();
  for await (const line of createInterface({ input: createReadStream(trace, 'latin1') })) {
    const space = line.indexOf(' ');
    const pid = line.slice(0, space);
    let text = line.slice(space).trimStart();
    if (text.endsWith(UNFINISHED)) {
      begun.set(pid, text.slice(0, -UNFINISHED.length));
      continue;
    }
    const resumed = RESUMED.exec(text);
    if (resumed) text = `${begun.get(pid) ?? ''}${text.slice(resumed[0].length)}`;
    const call = CALL.exec(text);
    if (!call) continue;
    const [, name = '', args = '', result = ''] = call;
    if (!result.startsWith('-')) yield { pid, name, args, result: Number(result) };
  }
}

/** The string arguments. */
export function stringsOf({ name, args }: SystemCall): Buffer[] {
  if (args.includes('"...')) throw new Error(`strace cut a string of ${name} short.`);
  return [...args.matchAll(/"([^"]*)"/g)].map(([, text = '']) =>
    Buffer.from(text.replaceAll('\\x', ''), 'hex'),
  );
}

export function firstNumber({ args }: SystemCall): number {
  return Number.parseInt(args, 10);
}

export function lastNumber({ args }: SystemCall): number {
  return Number(args.slice(args.lastIndexOf(',') + 1));
}
