import { hash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { startHttpHost } from '../hosts/http';
import type { Core } from '../ports';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const PDF = Buffer.from('%PDF-1.7\n');
const sha = (bytes: Buffer): string => hash('sha256', bytes);
const put = (core: Core, bytes: Buffer, media_type: string) =>
  core.assets.put({ media_type, base64: bytes.toString('base64') });

test('a file is posted as its bytes, stored once, and comes back byte for byte', async () => {
  const { core } = await practiceCore();
  const host = await startHttpHost({
    core,
    logger: core.logger,
    version: 'test',
    port: 0,
    token: 't',
    rendererDir: null,
  });
  onTestFinished(() => host.close());
  const headers = { authorization: 'Bearer t' };
  const post = (body: Buffer, type: string) =>
    fetch(`${host.url}/v1/assets`, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body: new Uint8Array(body),
    });

  const first = await post(PNG, 'Image/PNG; q=1');
  expect([first.status, await first.json()]).toEqual([
    201,
    { asset_sha256: sha(PNG), media_type: 'image/png', size: PNG.length },
  ]);
  expect((await post(PNG, 'image/png')).status).toBe(200);
  expect((await post(Buffer.from('a,b\n'), 'text/csv')).status).toBe(201);

  const got = await fetch(`${host.url}/v1/assets/${sha(PNG)}`, { headers });
  expect([got.status, got.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(Buffer.from(await got.arrayBuffer()).equals(PNG)).toBe(true);
  expect((await fetch(`${host.url}/v1/assets/${'0'.repeat(64)}`, { headers })).status).toBe(404);

  const wrong = await post(PDF, 'image/png');
  expect([wrong.status, await wrong.json()]).toMatchObject([
    422,
    { data: { fields: [{ path: 'media_type', message: 'the bytes are application/pdf, not image/png' }] } },
  ]);
  expect((await fetch(`${host.url}/v1/assets`, { method: 'POST', body: 'x' })).status).toBe(401);
});

test.each([
  ['nothing', Buffer.alloc(0), 'image/png', /empty/],
  ['a type that no provider takes', Buffer.from('MZ'), 'application/x-msdownload', /no provider takes/],
  ['bytes that are none of its type', Buffer.from('hello'), 'application/pdf', /none of the known types/],
  ['a text that is no UTF-8', Buffer.from([0xff, 0x41]), 'text/plain', /no text/],
  ['a picture called a text', PNG, 'text/plain', /image\/png, not text\/plain/],
])('%s is refused', async (_, bytes, type, message) => {
  const { core } = await practiceCore();
  expect(() => put(core, bytes, type)).toThrow(
    expect.objectContaining({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(message) as string,
    }) as Error,
  );
});

test('a template or a run that names a file that is not stored is refused with its field', async () => {
  const { core } = await practiceCore();
  const messages = (asset_sha256: string, media_type = 'application/pdf') => ({
    user_prompt_template: undefined,
    messages: [
      {
        role: 'user' as const,
        content: [
          { type: 'text' as const, text: 'Read.' },
          { type: 'file' as const, asset_sha256, media_type, name: null },
        ],
      },
    ],
  });
  const refused = (path: string) =>
    expect.objectContaining({
      code: 'VALIDATION_FAILED',
      data: { fields: [expect.objectContaining({ path }) as object] },
    }) as Error;
  expect(() => newTemplate(core, messages(sha(PDF)))).toThrow(refused('messages.0.content.1.asset_sha256'));
  put(core, PDF, 'application/pdf');
  expect(() => newTemplate(core, messages(sha(PDF), 'text/plain'))).toThrow(
    refused('messages.0.content.1.media_type'),
  );
  expect(newTemplate(core, messages(sha(PDF))).variables).toEqual([]);

  const { template_id } = newTemplate(core, {
    user_prompt_template: undefined,
    messages: [{ role: 'user', content: [{ type: 'image', variable: 'photo' }] }],
  });
  const photo = { asset_sha256: sha(PNG), media_type: 'image/png' };
  await expect(core.runs.start({ template_id, variables: { photo } })).rejects.toThrow(
    refused('messages.0.content.0.asset_sha256'),
  );
  expect(core.runs.list({ limit: 5 }).items).toEqual([]);
});

test('an image says its pixels and a PDF its pages; what cannot be told is null', async () => {
  const { core } = await practiceCore();
  const facts = (bytes: Buffer, type: string) =>
    core.assets.facts({ asset_sha256: put(core, bytes, type).asset.asset_sha256 });
  const size = (width: number, height: number) => ({ width, height, pages: null });
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(8)]);
  png.writeUInt32BE(640, 16);
  png.writeUInt32BE(480, 20);
  expect(facts(png, 'image/png')).toEqual({
    asset_sha256: sha(png),
    media_type: 'image/png',
    size: png.length,
    ...size(640, 480),
  });
  expect(facts(Buffer.from('GIF89a\x0a\x00\x14\x00', 'latin1'), 'image/gif')).toMatchObject(size(10, 20));
  const jpeg = Buffer.from('ffd8ffe000040000ffc0000b08000300050100000000', 'hex');
  expect(facts(jpeg, 'image/jpeg')).toMatchObject(size(5, 3));
  const webp = (kind: string, rest: string) =>
    Buffer.concat([Buffer.from(`RIFF0000WEBP${kind}0000`), Buffer.from(rest, 'hex'), Buffer.alloc(8)]);
  expect(facts(webp('VP8X', '00000000090000130000'), 'image/webp')).toMatchObject(size(10, 20));
  expect(facts(webp('VP8L', '2f09c00400'), 'image/webp')).toMatchObject(size(10, 20));
  expect(facts(webp('VP8 ', '3001009d012a0a001400'), 'image/webp')).toMatchObject(size(10, 20));
  expect(facts(PNG, 'image/png')).toMatchObject({ width: null, height: null });

  const pages = '%PDF-1.7\n<</Type /Pages>> <</Type/Page >> <</Type\n/Page/Parent 1>> <</Type/PageLabel>>';
  expect(facts(Buffer.from(pages), 'application/pdf')).toMatchObject({ width: null, pages: 2 });
  expect(facts(PDF, 'application/pdf').pages).toBeNull();
  expect(facts(Buffer.from('a,b'), 'text/csv')).toMatchObject({ width: null, pages: null });
});
