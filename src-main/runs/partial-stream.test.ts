import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCore } from '../core';
import { resolveConfig } from '../home';
import { chatBody, heldServer } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { temporaryFolder } from '../../test/support/temporary';

const SECRET = 'sk-canary-0123456789-ABCDEFGHIJ';
const word = { variables: { word: 'hello' } };

const event = (content: string): string =>
  `data: ${JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'held-model',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })}\n\n`;

async function heldRun(secret = SECRET) {
  const practice = await practiceCore();
  const { core } = practice;
  const server = await heldServer();
  const connection_id = await connectionTo(core, server.url, { secret });
  const { template_id } = newTemplate(core);
  const start = (stream: boolean) =>
    core.runs.start({ template_id, connection_id, model_id: 'm', stream, ...word });
  return { practice, core, server, start };
}

/** Opens a copy of the store as it is now: what a crash at this moment would leave. */
async function crashedCopy(home: string, isReady: (db: Database.Database) => boolean) {
  const db = new Database(join(home, 'prompter.db'), { readonly: true });
  onTestFinished(() => void db.close());
  await vi.waitUntil(() => isReady(db), { interval: 10, timeout: 30_000 });
  const copy = temporaryFolder();
  db.prepare('VACUUM INTO ?').run(join(copy, 'prompter.db'));
  const env = { PROMPTER_HOME: copy, PROMPTER_KEYCHAIN: 'session' };
  const core = await createCore({ config: resolveConfig(env), appVersion: 'test', env });
  onTestFinished(() => core.close());
  return core;
}

const partsOf = (db: Database.Database): number =>
  Number(db.prepare('SELECT count(*) FROM raw_parts').pluck().get());

/** No file of the store holds the text, packed or not. */
function expectNowhere(home: string, text: string): void {
  const db = new Database(join(home, 'prompter.db'), { readonly: true });
  const blobs = db
    .prepare('SELECT bytes FROM raw_parts UNION ALL SELECT bytes FROM raw_responses WHERE bytes IS NOT NULL')
    .pluck()
    .all();
  db.close();
  for (const blob of blobs) expect(Buffer.from(blob as Buffer).includes(text)).toBe(false);
  for (const file of readdirSync(home).filter((name) => name.startsWith('prompter.db')))
    expect(readFileSync(join(home, file)).includes(text)).toBe(false);
}

describe('a stream', () => {
  it('that a crash cuts off is shown as far as it came, as an answer in doubt', async () => {
    const { practice, server, start } = await heldRun('short');
    const running = start(true);
    await server.hasArrived(1);
    let finish = (): void => undefined;
    server.release((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req-7' });
      response.write(event('The first ') + event('half'));
      finish = () => response.end(`${event(' and the rest')}data: [DONE]\n\n`);
    });
    const after = await crashedCopy(practice.home, (db) => partsOf(db) > 0);
    const [summary] = after.runs.list({ limit: 1 }).items;
    const run = after.runs.get({ run_id: summary?.run_id ?? '' });
    expect(run).toMatchObject({
      status: 'outcome_unknown',
      output_text: 'The first half',
      response_api: 'openai.chat_completions',
      processing_status: 'stored',
    });
    expect(run.request_json).toMatchObject({ model: 'm', stream: true });
    // Reading half an answer again does not settle whether the whole one was billed.
    expect(() => after.runs.reparse({ run_id: run.run_id })).toThrow(
      expect.objectContaining({ code: 'REVIEW_STATE' }),
    );
    expect(after.runs.get({ run_id: run.run_id }).status).toBe('outcome_unknown');
    expect(Buffer.from(after.runs.raw({ run_id: run.run_id }).bytes).toString()).toBe(
      event('The first ') + event('half'),
    );

    finish();
    expect((await running).run).toMatchObject({ output_text: 'The first half and the rest' });
  });

  it('that echoes the key across the border of two parts stores neither half of it', async () => {
    const { practice, core, server, start } = await heldRun();
    const running = start(true);
    await server.hasArrived(1);
    const [half, rest] = [SECRET.slice(0, 15), SECRET.slice(15)];
    const whole = event(`your key is ${SECRET}, is it not?`);
    const border = whole.indexOf(half) + half.length;
    let finish = (): void => undefined;
    server.release((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(whole.slice(0, border));
      finish = () => response.end(`${whole.slice(border)}data: [DONE]\n\n`);
    });
    await crashedCopy(practice.home, (db) => partsOf(db) > 0);
    finish();
    const { run } = await running;
    expect(run.output_text).toBe(`your key is ${'*'.repeat(SECRET.length)}, is it not?`);
    const raw = Buffer.from(core.runs.raw({ run_id: run.run_id }).bytes).toString();
    expect(raw).toBe(`${whole.replace(SECRET, '*'.repeat(SECRET.length))}data: [DONE]\n\n`);
    await core.close();
    expectNowhere(practice.home, half);
    expectNowhere(practice.home, rest);
  });

  it('that comes compressed is stored as it came, or decoded where it holds the key', async () => {
    const { practice, core, server, start } = await heldRun();
    for (const text of ['nothing to hide', `the key ${SECRET}`]) {
      const sent = gzipSync(`${event(text)}data: [DONE]\n\n`);
      const running = start(true);
      await server.hasArrived(text.includes(SECRET) ? 2 : 1);
      server.release((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
        response.end(sent);
      });
      const { run } = await running;
      expect(run.output_text).toBe(text.replace(SECRET, '*'.repeat(SECRET.length)));
      const { bytes } = core.runs.raw({ run_id: run.run_id });
      if (text.includes(SECRET)) expect(Buffer.from(bytes).toString()).toContain('the key ****');
      else expect(Buffer.from(bytes).equals(sent)).toBe(true);
    }
    await core.close();
    expectNowhere(practice.home, SECRET);
  });
});

describe('an answer that is not streamed', () => {
  it('and comes compressed with the key in it is stored decoded, without the key', async () => {
    const { practice, core, server, start } = await heldRun();
    const running = start(false);
    await server.hasArrived(1);
    server.release((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(chatBody(`Authorization: Bearer ${SECRET}`)));
    });
    const { run } = await running;
    expect(run).toMatchObject({
      status: 'succeeded',
      output_text: `Authorization: Bearer ${'*'.repeat(SECRET.length)}`,
    });
    await core.close();
    expectNowhere(practice.home, SECRET);
  });
});
