import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { publish } from '../store';

/**
 * The last signed checkpoint, kept outside the database: if an old copy of the database is put back, it holds only
 * older checkpoints, which reveals it.
 */
export interface Head {
  readonly note: string;
  readonly verifier_key: string;
}

const headSchema: z.ZodType<Head> = z.object({ note: z.string(), verifier_key: z.string() });

/** Null if there is none; `unreadable` if it is not what Prompter wrote. */
export function readHead(home: string): Head | null | 'unreadable' {
  try {
    return headSchema.parse(JSON.parse(readFileSync(pathOf(home), 'utf8')));
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return absent ? null : 'unreadable';
  }
}

/** Durable on return; after a power cut before that, either the old or the new head is there. */
export function writeHead(home: string, head: Head): void {
  const draft = `${pathOf(home)}.partial`;
  writeFileSync(draft, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  publish(draft, pathOf(home));
}

function pathOf(home: string): string {
  return join(home, 'audit-head');
}
