import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/**
 * `fetch` as oRPC's client asks for it, over `node:http`: without the limits on waiting that `fetch` has (a call may
 * take two hours), without proxies, and without redirects, which would carry the key elsewhere. A connection for each
 * call: one that is kept may be closed by the other end just as it is used again.
 */
export async function loopbackFetch(request: Request): Promise<Response> {
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const answer = await send(request.url, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    signal: request.signal,
    body,
  });
  const status = answer.statusCode ?? 0;
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
  );
  return new Response(hasNoBody(status) ? null : streamOf(answer), { status, headers });
}

/** Small answers for people who wait: JSON, within a limit of time. */
export async function postJson(
  url: string,
  { headers = {}, value }: { headers?: Record<string, string>; value?: unknown },
): Promise<{ status: number; value: unknown }> {
  const answer = await send(url, {
    method: 'POST',
    headers: { ...headers, ...(value !== undefined && { 'content-type': 'application/json' }) },
    signal: AbortSignal.timeout(ANSWER_MS),
    body: value === undefined ? undefined : Buffer.from(JSON.stringify(value)),
  });
  const text = (await buffer(limited(answer))).toString('utf8');
  return { status: answer.statusCode ?? 0, value: JSON.parse(text) };
}

const ANSWER_MS = 5_000;
const MAX_BYTES = 64 * 1024;

interface Outgoing {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  readonly body: Buffer | undefined;
}

function send(url: string, { body, ...options }: Outgoing): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(url, { ...options, agent: false }, resolve);
    call.on('error', reject);
    call.end(body);
  });
}

async function* limited(answer: IncomingMessage): AsyncGenerator<Buffer, void> {
  let size = 0;
  for await (const chunk of answer) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new Error('The answer is too long.');
    yield bytes;
  }
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

/** Made by hand: Node's own conversion has a type that `Response` does not take. */
function streamOf(answer: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = Readable.from(answer)[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      answer.destroy();
      await chunks.return?.();
    },
  });
}
