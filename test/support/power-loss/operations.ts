import * as z from 'zod';

/**
 * What the product did to the files in its data folder, interleaved with what it reported to the outside, in order.
 * Paths are relative to the folder; a file keeps its number when renamed.
 */
export type Operation =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'create'; readonly path: string; readonly file: number }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'write'; readonly file: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: number; readonly size: number }
  | { readonly kind: 'sync'; readonly file: number }
  | { readonly kind: 'sync-folder' }
  /** From here on the answer must survive anything: the user has been told that it is stored. */
  | { readonly kind: 'stored'; readonly run_id: string; readonly sha256: string }
  /** The state of the keychain, which is outside the folder, from here on. */
  | { readonly kind: 'secret'; readonly ref: string; readonly secret: string | null };

const progressSchema = z.object({ event: z.string() });
const storedSchema = z.object({ run_id: z.string(), raw_response_sha256: z.string() });
const secretSchema = z.object({ ref: z.string(), secret: z.string().nullable() });

export function reportedAs(line: string): Operation[] {
  if (!line.startsWith('{')) return [];
  const event: unknown = JSON.parse(line);
  if (progressSchema.parse(event).event !== 'stored') return [];
  const { run_id, raw_response_sha256 } = storedSchema.parse(event);
  return [{ kind: 'stored', run_id, sha256: raw_response_sha256 }];
}

export function keptAs(line: string): Operation {
  return { kind: 'secret', ...secretSchema.parse(JSON.parse(line)) };
}
