import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export const CRLF = '\r\n';

/**
 * A raw byte server: after each request the test decides what to write, given the request and how many came before.
 * @returns its base URL for OpenAI's SDK
 */
export async function byteServer(
  answer: (socket: Socket, count: number, request: string) => void,
): Promise<string> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let seen = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      // Requests come one at a time and are small: complete once the JSON is.
      if (!seen.trimEnd().endsWith('}')) return;
      const request = seen;
      seen = '';
      requests += 1;
      answer(socket, requests, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}/v1`;
}

/** A response's head and body in wire format. */
export function http(status: string, headers: readonly string[], body: string | Buffer = ''): Buffer {
  const head = [`HTTP/1.1 ${status}`, ...headers, '', ''].join(CRLF);
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

export const json = (body: string | Buffer, status = '200 OK', more: readonly string[] = []): Buffer =>
  http(
    status,
    ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, ...more],
    body,
  );
