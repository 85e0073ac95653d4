import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refusalBody, type Refusal } from './refusal';

const REASONS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'REQUEST_TIMEOUT',
    message: 'The request took too long to arrive.',
  },
  HPE_HEADER_OVERFLOW: { code: 'HEADERS_TOO_LARGE', message: 'Path and headers are too long.' },
};
const notHttp: Refusal = { code: 'BAD_REQUEST', message: 'The request is not valid HTTP/1.1.' };

/** Answers requests that Node's parser rejects in the usual error shape, then closes the connection. */
export function answerUnreadable(server: Server): void {
  const answering = new WeakSet<Duplex>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Never write into an answer that is already under way.
    if (!socket.writable || answering.has(socket)) {
      socket.destroy();
      return;
    }
    socket.end(plainAnswer(REASONS[error.code ?? ''] ?? notHttp));
  });
}

function plainAnswer(refusal: Refusal): string {
  const body = JSON.stringify(refusalBody(refusal));
  const { status } = refusalBody(refusal);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    '',
    body,
  ].join('\r\n');
}
