import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startPracticeServer } from '.';
import type { PracticeServer } from '.';

const folder = mkdtempSync(join(tmpdir(), 'practice-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADERS = {
  authorization: 'Bearer k',
  'x-goog-api-key': 'k',
  'anthropic-version': '2026-10-21',
  'content-type': 'application/json',
};

const lineSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('request'),
    n: z.number(),
    at: z.iso.datetime(),
    protocol: z.string(),
    method: z.string(),
    path: z.string(),
    model: z.string().nullable(),
    request_sha256: z.string().length(64),
    client_request_id: z.string().nullable(),
  }),
  z.strictObject({
    event: z.literal('answer'),
    n: z.number(),
    at: z.iso.datetime(),
    status: z.number(),
    response_sha256: z.string().length(64),
    response_bytes: z.number(),
    latency_ms: z.number(),
    complete: z.boolean(),
  }),
]);

const readLines = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)));

const CALLS: readonly [string, number, string, object][] = [
  ['openai chat', 200, '/openai/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }],
  ['openai chat stream', 200, '/v1/chat/completions', { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hi' }] }],
  ['openai responses', 200, '/openai/v1/responses', { model: 'gpt-6-sol', input: 'Hi', tools: [{ type: 'web_search' }] }],
  ['openai responses stream', 200, '/openai/v1/responses', { model: 'gpt-6-sol', input: 'Hi', stream: true }],
  ['anthropic', 200, '/anthropic/v1/messages', { model: 'claude-opus-5-5', max_tokens: 99, messages: [{ role: 'user', content: 'Hi' }] }],
  ['anthropic stream', 200, '/v1/messages', { model: 'claude-opus-5-5', stream: true, max_tokens: 99, messages: [{ role: 'user', content: 'Hi' }] }],
  ['gemini', 200, '/google/v1/models/gemini-3.8-flash:generateContent', { contents: [{ parts: [{ text: 'Hi' }] }] }],
  ['gemini stream', 200, '/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse', { contents: [{ parts: [{ text: 'Hi' }] }] }],
  ['gemini array', 200, '/v1beta/models/gemini-3.8-flash:streamGenerateContent', { contents: [{ parts: [{ text: 'Hi' }] }] }],
  ['refusal', 400, '/openai/v1/chat/completions', { model: 'gpt-4o' }],
]; // prettier-ignore

async function post(server: PracticeServer, path: string, body: string, status = 200): Promise<Buffer> {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers: HEADERS, body });
  expect(response.status).toBe(status);
  return Buffer.from(await response.arrayBuffer());
}

describe('the journal', () => {
  it.each(CALLS)(
    'holds the hash of what %s sent and received, and the same request gets the same bytes',
    async (_, status, path, value) => {
      const server = await startPracticeServer();
      const body = JSON.stringify(value);
      const [first, second] = [
        await post(server, path, body, status),
        await post(server, path, body, status),
      ];
      expect(second.equals(first)).toBe(true);
      expect(first.length).toBeGreaterThan(50);
      await server.close();
      expect(server.journal()).toMatchObject([
        { event: 'request', n: 1, request_sha256: hash('sha256', body, 'hex') },
        {
          event: 'answer',
          n: 1,
          response_sha256: hash('sha256', first, 'hex'),
          status,
          response_bytes: first.length,
          complete: true,
        },
        { event: 'request', n: 2 },
        { event: 'answer', n: 2, response_sha256: hash('sha256', first, 'hex') },
      ]);
    },
  );

  it('gives another answer to another request', async () => {
    const server = await startPracticeServer();
    const ask = async (content: string) => {
      const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
      return (await post(server, '/v1/chat/completions', body)).toString();
    };
    expect(await ask('Hello')).not.toBe(await ask('Hello!'));
    await server.close();
  });

  it('is a file of lines, one per event, with the client’s own id', async () => {
    const journalFile = join(folder, 'lines.jsonl');
    const server = await startPracticeServer({ journalFile });
    const headers = { ...HEADERS, 'x-client-request-id': 'try-1 "quoted"\t' };
    await fetch(`${server.url}/openai/v1/models`, { headers }).then((response) => response.text());
    await server.close();
    expect(readLines(journalFile)).toMatchObject([
      {
        event: 'request',
        n: 1,
        protocol: 'openai',
        method: 'GET',
        model: null,
        client_request_id: 'try-1 "quoted"',
      },
      { event: 'answer', n: 1, status: 200, complete: true },
    ]);
  });

  it.each([true, false])('keeps every line in order under load (sync: %s)', async (journalSync) => {
    const journalFile = join(folder, `load-${journalSync}.jsonl`);
    const server = await startPracticeServer({ journalFile, journalSync, keepJournal: 10 });
    const ask = async (index: number) => {
      const body = JSON.stringify({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: `Question ${index}` }],
      });
      await post(server, '/v1/chat/completions', body);
    };
    await Promise.all(Array.from({ length: 200 }, (_, index) => ask(index)));
    await server.close();
    const lines = readLines(journalFile);
    expect(lines).toHaveLength(400);
    const requests = lines.filter((line) => line.event === 'request').map((line) => line.n);
    expect(requests).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    const position = new Map(lines.map((line, index) => [`${line.event}${line.n}`, index]));
    for (const n of requests)
      expect(position.get(`request${n}`)).toBeLessThan(position.get(`answer${n}`) ?? -1);
    expect(server.journal()).toHaveLength(10);
  });

  it('has the request’s line before the answer is out', async () => {
    const journalFile = join(folder, 'before.jsonl');
    const server = await startPracticeServer({ journalFile });
    const controller = new AbortController();
    const body = JSON.stringify({ model: 'gpt-4o@timeout', messages: [{ role: 'user', content: 'Hi' }] });
    const pending = fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: HEADERS,
      body,
      signal: controller.signal,
    });
    await expect
      .poll(() => readLines(journalFile))
      .toMatchObject([{ event: 'request', model: 'gpt-4o@timeout' }]);
    controller.abort();
    await expect(pending).rejects.toThrow();
    await server.close();
    expect(readLines(journalFile)).toHaveLength(1);
  });

  it('loses no line when the client is killed, and marks the answer that did not arrive whole', async () => {
    const journalFile = join(folder, 'killed.jsonl');
    const server = await startPracticeServer({ journalFile });
    const body = JSON.stringify({
      model: 'gpt-4o@slowstream=50',
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const source = `fetch(${JSON.stringify(`${server.url}/v1/chat/completions`)}, {
      method: 'POST', headers: ${JSON.stringify(HEADERS)}, body: ${JSON.stringify(body)},
    }).then(async (response) => { for await (const _ of response.body) process.stdout.write('.'); });`;
    const client = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(client.stdout, 'data');
    client.kill('SIGKILL');
    await once(client, 'exit');
    await expect
      .poll(() => readLines(journalFile))
      .toMatchObject([
        { event: 'request', n: 1 },
        { event: 'answer', n: 1, complete: false },
      ]);
    await server.close();
  });
});
