import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { publish } from '../store';

/**
 * The last checkpoint that was signed, kept outside the database: an old copy of the database put back in place holds
 * only older checkpoints, and that is noticed.
 */
export interface Head {
  readonly note: string;
  readonly verifier_key: string;
}

const headSchema: z.ZodType<Head> = z.object({ note: z.string(), verifier_key: z.string() });

/** Null where there is none; `unreadable` where it is not what Prompter wrote. */
export function readHead(home: string): Head | null | 'unreadable' {
  try {
    return headSchema.parse(JSON.parse(readFileSync(pathOf(home), 'utf8')));
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return absent ? null : 'unreadable';
  }
}

/** On the disk when this returns; after a power cut before that there is the old head or the new one. */
export function writeHead(home: string, head: Head): void {
  const draft = `${pathOf(home)}.partial`;
  writeFileSync(draft, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  publish(draft, pathOf(home));
}

function pathOf(home: string): string {
  return join(home, 'audit-head');
}
