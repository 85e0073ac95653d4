import type { IncomingMessage } from 'node:http';
import { lossOf } from '../../../src-shared/files';
import type { Refusal } from './refusal';

export const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** The depth limit of canonical JSON (docs/canonical.md#json), plus the request's own nesting. */
const MAX_DEPTH = 140;

export type BodyResult = { ok: true; value: unknown } | { ok: false; refusal: Refusal };

/**
 * Parses the request's JSON, within limits. Rejects other media types: what a plain HTML form can send must not reach a
 * procedure. An absent body is read as `{}`.
 */
export async function readJsonBody(
  request: IncomingMessage,
  { written }: { readonly written: 'by anybody' | 'by our client' },
): Promise<BodyResult> {
  const body = await readBytes(request);
  if (!body.ok) return body;
  if (body.bytes.length === 0) return { ok: true, value: {} };
  if (!isJson(request)) {
    return refuse({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'Send JSON with `Content-Type: application/json`.',
    });
  }
  return parse(body.bytes, written === 'by anybody');
}

async function readBytes(
  request: IncomingMessage,
): Promise<{ ok: true; bytes: Buffer } | { ok: false; refusal: Refusal }> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return refuse(tooLarge);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return refuse(tooLarge);
    chunks.push(bytes);
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (size > 0 && encoding !== 'identity') {
    return refuse({ code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send the body without a Content-Encoding.' });
  }
  return { ok: true, bytes: Buffer.concat(chunks) };
}

export function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

/**
 * The body of `POST /v1/assets`, which is a file as it is: the procedure's input, as a client of another host gives it.
 */
export async function readFileBody(request: IncomingMessage): Promise<BodyResult> {
  const body = await readBytes(request);
  if (!body.ok) return body;
  const media_type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
  return { ok: true, value: { media_type, base64: body.bytes.toString('base64') } };
}

function parse(bytes: Buffer, mayLose: boolean): BodyResult {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
    // Our own client serialises JavaScript values, so it never sends duplicate keys or numbers beyond a double.
    const loss = mayLose ? lossOf(text) : null;
    if (loss !== null) {
      return refuse({ code: 'VALIDATION_FAILED', message: `The body, line ${loss.line}, ${loss.message}` });
    }
  } catch (error) {
    return refuse({
      code: 'BAD_REQUEST',
      message: `The body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    });
  }
  if (isDeeperThan(value, MAX_DEPTH)) {
    return refuse({
      code: 'VALIDATION_FAILED',
      message: `The body is nested deeper than ${MAX_DEPTH} levels.`,
    });
  }
  return { ok: true, value };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

const tooLarge: Refusal = {
  code: 'PAYLOAD_TOO_LARGE',
  message: `A request body may have at most ${MAX_BODY_BYTES / 1024 / 1024} MB.`,
};

function refuse(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal };
}
