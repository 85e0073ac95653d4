import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readSmallFile } from './small-file';

const ownerSchema = z.object({
  pid: z.number().int(),
  started_at: z.string(),
  command: z.string(),
  /** The origin of the loopback API that the owner serves, if it does. */
  url: z
    .string()
    .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)
    .optional(),
});
/** The process that has the store, as it says in `owner.json`. */
export type Owner = z.infer<typeof ownerSchema>;

/** A process that was killed leaves the file behind, so it is a message and not the lock. */
export function ownerFile(home: string): string {
  return join(home, 'owner.json');
}

/** Undefined where nothing readable is said. */
export function readOwner(home: string): Owner | undefined {
  const file = readSmallFile(ownerFile(home));
  if (!file.ok) return undefined;
  try {
    return ownerSchema.parse(JSON.parse(file.text));
  } catch {
    return undefined;
  }
}

export function writeOwner(home: string, owner: Owner): void {
  replaceFile(ownerFile(home), `${JSON.stringify(owner)}\n`);
}

/** By renaming, so that a reader never sees half of it. The draft is made anew: nobody else may have it open. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
