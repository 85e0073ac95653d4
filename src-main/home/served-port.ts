import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from './owner';
import { errorCodeOf, readSmallFile } from './small-file';

const servedSchema = z.object({ port: z.int().min(1).max(65_535) });

/** Browsers keep drafts by origin, so a store stays at one (docs/reliability.md#the-loopback-api). */
function servedFile(home: string): string {
  return join(home, 'served.json');
}

export type ServedPort =
  | { readonly ok: true; readonly port: number | null }
  /** `why` is a sentence without its period. */
  | { readonly ok: false; readonly why: string };

/** The port that the store was served on last; null where it never was. */
export function readServedPort(home: string): ServedPort {
  const path = servedFile(home);
  const file = readSmallFile(path);
  if (!file.ok) {
    return file.code === 'ENOENT' ? { ok: true, port: null } : { ok: false, why: `${path} ${file.why}` };
  }
  try {
    return { ok: true, port: servedSchema.parse(JSON.parse(file.text)).port };
  } catch {
    return { ok: false, why: `${path} holds no port` };
  }
}

/** @returns why it was not written, as a sentence without its period; null where it was */
export function rememberServedPort(home: string, port: number): string | null {
  const path = servedFile(home);
  try {
    replaceFile(path, `${JSON.stringify({ port })}\n`);
    return null;
  } catch (error) {
    return `${path} cannot be written (${errorCodeOf(error)})`;
  }
}
