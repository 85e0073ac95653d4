import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, constants, inflateSync, unzipSync, zstdDecompressSync } from 'node:zlib';
import type { JsonValue } from '../../../src-shared/domain';
import { MAX_BODY_BYTES } from './transport';

type Headers = readonly (readonly [string, string])[];

/** The first value of a header. Names match in any case, although undici gives lower case. */
export function headerValue(headers: Headers, name: string): string | null {
  for (const [key, value] of headers) if (key === name || key.toLowerCase() === name) return value;
  return null;
}

export type Decoded =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly message: string };

/**
 * Decodes content-encoding for servers that compress although `identity` was requested. Returns whatever a broken-off
 * body still yields; the stored bytes are unchanged.
 */
export function decodeContent(bytes: Uint8Array, headers: Headers): Decoded {
  const encoding = headerValue(headers, 'content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity' || bytes.length === 0) return { ok: true, bytes };
  const limit = { maxOutputLength: MAX_BODY_BYTES };
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return { ok: true, bytes: unzipSync(bytes, { ...limit, finishFlush: constants.Z_SYNC_FLUSH }) };
      case 'deflate':
        return { ok: true, bytes: inflateSync(bytes, { ...limit, finishFlush: constants.Z_SYNC_FLUSH }) };
      case 'br':
        return {
          ok: true,
          bytes: brotliDecompressSync(bytes, { ...limit, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
        };
      case 'zstd':
        return {
          ok: true,
          bytes: zstdDecompressSync(bytes, { ...limit, finishFlush: constants.ZSTD_e_flush }),
        };
      default:
        return { ok: false, message: `The answer has an unknown content encoding "${encoding}".` };
    }
  } catch {
    return { ok: false, message: `The answer says it is ${encoding}-encoded but cannot be decoded.` };
  }
}

/** Rejects deeper nesting, so that nothing that walks an answer later overflows the stack. */
const MAX_DEPTH = 128;

export type JsonReading =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly message: string };

export function readJson(text: string): JsonReading {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: notJson(text) };
  }
  const problem = problemOf(value, MAX_DEPTH);
  return problem === null ? { ok: true, value } : { ok: false, message: problem };
}

function notJson(text: string): string {
  const start = text.trimStart();
  if (start === '') return 'The answer is empty.';
  if (start.startsWith('<')) return 'The answer is an HTML page, not JSON.';
  return `The answer is not JSON (it begins with ${JSON.stringify(start.slice(0, 40))}).`;
}

/** Finds what JSON.parse accepts but no record could hold: deep nesting, and numbers beyond a double. */
function problemOf(value: JsonValue, levels: number): string | null {
  // JSON.parse reads 1e400 as Infinity, which JSON cannot express.
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : 'The answer contains a number beyond 1.8e308.';
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) return `The answer is nested deeper than ${MAX_DEPTH} levels.`;
  if (Array.isArray(value)) {
    for (const item of value) {
      const problem = problemOf(item, levels - 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  for (const key in value) {
    const problem = problemOf(value[key] ?? null, levels - 1);
    if (problem !== null) return problem;
  }
  return null;
}

export type TextReading =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** A body as UTF-8 text. Only a body that broke off may end inside a character. */
export function readText(bytes: Uint8Array, headers: Headers, complete: boolean): TextReading {
  const decoded = decodeContent(bytes, headers);
  if (!decoded.ok) return decoded;
  if (complete && !isUtf8(decoded.bytes)) return { ok: false, message: 'The answer is not valid UTF-8.' };
  const { buffer, byteOffset, byteLength } = decoded.bytes;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  // Some servers start with a byte order mark, which is not part of the JSON.
  return { ok: true, text: text.startsWith('\uFEFF') ? text.slice(1) : text };
}
