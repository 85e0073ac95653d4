import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { isOwnerClosed } from './owner-closed';
import { attachedClient } from './client';

/** The client of a Prompter that answers as `listener` does. */
async function clientOf(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return attachedClient(`http://127.0.0.1:${port}`, 'k'.repeat(43));
}

test('an audit export is read as it comes, before all of it is there', async () => {
  let finish = () => {};
  const client = await clientOf((request, response) => {
    expect([request.url, request.headers.authorization]).toEqual([
      '/v1/audit/export',
      `Bearer ${'k'.repeat(43)}`,
    ]);
    response.writeHead(200, { 'content-type': 'application/jsonl' }).write('first\n');
    finish = () => void response.end('last\n');
  });
  const body = await client.audit.export();
  expect(body.type).toBe('application/jsonl');
  const pieces: string[] = [];
  for await (const piece of body.stream()) {
    pieces.push(Buffer.from(piece).toString());
    finish();
  }
  expect(pieces).toEqual(['first\n', 'last\n']);
});

test('an audit export that breaks off is a Prompter that was closed, and not a short export', async () => {
  const client = await clientOf((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/jsonl', 'content-length': 100 }).write('first\n');
    setImmediate(() => response.destroy());
  });
  const broken = await client.audit
    .export()
    .then((body) => text(body.stream()))
    .catch((error: unknown) => error);
  expect(isOwnerClosed(broken)).toBe(true);
});

test('what keeps a log from being exported is the same error as alone', async () => {
  const refusal = { code: 'STORE_CORRUPT', status: 500, message: 'The log is damaged.', data: { entry: 7 } };
  const client = await clientOf((_request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
  });
  await expect(client.audit.export()).rejects.toMatchObject(refusal);
});
