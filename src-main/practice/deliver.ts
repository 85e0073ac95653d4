import { createHash, hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Reply } from './exchange';
import type { Faults } from './faults';

/** What was actually sent, for the journal. */
export interface Delivery {
  readonly status: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly complete: boolean;
}

/**
 * Writes a reply, applying the faults that concern delivery. Calls `done` once the answer is out or its connection has
 * ended, but not if nothing was sent.
 */
export function deliver(
  response: ServerResponse,
  reply: Reply,
  headers: Readonly<Record<string, string>>,
  faults: Faults,
  done: (delivery: Delivery) => void,
): void {
  const { status } = reply;
  const isStream = typeof reply.body !== 'string';
  if (isStream && faults.slowstream !== undefined) {
    deliverSlowly(response, reply, headers, faults, done);
    return;
  }
  const body = Buffer.from(bodyText(reply, faults));
  const sent = faults.cut === undefined ? body : body.subarray(0, Math.floor(body.length * faults.cut));
  const isCut = faults.cut !== undefined && sent.length < body.length;

  response.once('close', () => {
    const complete = response.writableFinished && !isCut;
    done({ status, sha256: hash('sha256', sent, 'hex'), bytes: sent.length, complete });
  });
  response.writeHead(status, replyHeaders(reply, headers, isStream ? undefined : body.length, faults));
  if (isCut) cutAfter(response, sent);
  else response.end(sent);
}

/** Ends the connection before the promised length, once the first part is on its way. */
function cutAfter(response: ServerResponse, sent: Buffer): void {
  if (sent.length === 0) {
    response.flushHeaders();
    response.socket?.end(() => response.destroy());
    return;
  }
  response.write(sent, () => response.socket?.end(() => response.destroy()));
}

/** One event at a time, so that the client sees the stream grow. */
function deliverSlowly(
  response: ServerResponse,
  reply: Reply,
  headers: Readonly<Record<string, string>>,
  faults: Faults,
  done: (delivery: Delivery) => void,
): void {
  const frames = streamFrames(reply, faults).map((frame) => Buffer.from(frame));
  const total = frames.reduce((sum, frame) => sum + frame.length, 0);
  const limit = faults.cut === undefined ? total : Math.floor(total * faults.cut);
  const digest = createHash('sha256');
  let bytes = 0;
  let next = 0;
  let timer: NodeJS.Timeout | undefined;

  response.once('close', () => {
    clearTimeout(timer);
    const complete = response.writableFinished && limit === total;
    done({ status: reply.status, sha256: digest.digest('hex'), bytes, complete });
  });
  response.writeHead(reply.status, replyHeaders(reply, headers, undefined, faults));
  const step = () => {
    const frame = frames[next];
    next += 1;
    if (frame === undefined) {
      response.end();
      return;
    }
    const part = frame.subarray(0, limit - bytes);
    digest.update(part);
    bytes += part.length;
    if (bytes >= limit && limit < total) {
      cutAfter(response, part);
      return;
    }
    response.write(part);
    timer = setTimeout(step, faults.slowstream);
  };
  step();
}

function replyHeaders(
  reply: Reply,
  headers: Readonly<Record<string, string>>,
  length: number | undefined,
  faults: Faults,
): Record<string, string | number> {
  const isStream = typeof reply.body !== 'string';
  const type = isStream
    ? 'text/event-stream; charset=utf-8'
    : faults.malformed === 'html' && reply.status === 200
      ? 'text/html; charset=utf-8'
      : 'application/json';
  return {
    'content-type': type,
    ...(length === undefined ? { 'cache-control': 'no-cache' } : { 'content-length': length }),
    ...headers,
    ...reply.headers,
  };
}

const PROXY_PAGE =
  '<!doctype html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n';

function bodyText(reply: Reply, faults: Faults): string {
  if (typeof reply.body !== 'string') return streamFrames(reply, faults).join('');
  if (faults.malformed === undefined || reply.status !== 200) return reply.body;
  switch (faults.malformed) {
    case 'html':
      return PROXY_PAGE;
    case 'empty':
      return '';
    case 'truncated':
      return reply.body.slice(0, Math.floor(reply.body.length * 0.7));
  }
}

/** A malformed stream has one non-JSON event in the middle; `html` and `empty` replace the whole stream. */
function streamFrames({ body }: Reply, { malformed }: Faults): readonly string[] {
  const frames = typeof body === 'string' ? [body] : body;
  if (malformed === undefined) return frames;
  if (malformed === 'html') return [PROXY_PAGE];
  if (malformed === 'empty') return [];
  const middle = Math.floor(frames.length / 2);
  return frames.map((frame, index) => (index === middle ? `${frame.trimEnd().slice(0, -3)}\n\n` : frame));
}
