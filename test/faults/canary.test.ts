import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPracticeServer } from '../../src-main/practice';
import { HEADER_DICTIONARY } from '../../src-main/store/runs/header-dictionary';
import { CLI, runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporary';

/** Never a real key, and nothing else that this test writes contains it. */
const CANARY = 'sk-canary-7f3a9c51d2e84b06a1c9e7d35b20f864';

const FORMS: readonly (readonly [string, Buffer])[] = [
  ['plain', Buffer.from(CANARY)],
  ['reversed', Buffer.from(CANARY.split('').toReversed().join(''))],
  ['UTF-16', Buffer.from(CANARY, 'utf16le')],
  ['base64', Buffer.from(Buffer.from(CANARY).toString('base64').slice(0, -4))],
  ['base64 of a Bearer header', Buffer.from(Buffer.from(`Bearer ${CANARY}`).toString('base64').slice(4, -4))],
  ['base64url', Buffer.from(Buffer.from(CANARY).toString('base64url').slice(0, -4))],
  ['hex', Buffer.from(Buffer.from(CANARY).toString('hex'))],
  ['without its first half', Buffer.from(CANARY.slice(20))],
];

function formsIn(bytes: Buffer): string[] {
  return FORMS.flatMap(([name, form]) => (bytes.includes(form) ? [name] : []));
}

/** What rests compressed cannot be seen in the file: every blob of every table, unpacked. */
function packedBlobs(db: Database.Database): { place: string; bytes: Buffer }[] {
  const columns = z.array(z.object({ table: z.string(), column: z.string() })).parse(
    db
      .prepare(
        `SELECT m.name AS "table", c.name AS "column" FROM sqlite_schema m JOIN pragma_table_info(m.name) c
           WHERE m.type = 'table' AND c.type = 'BLOB' AND m.name NOT LIKE 'templates_fts%'`,
      )
      .all(),
  );
  expect(columns.length).toBeGreaterThan(2);
  return columns.flatMap(({ table, column }) =>
    z
      .array(z.instanceof(Buffer))
      .parse(db.prepare(`SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL`).pluck().all())
      .map((bytes) => ({ place: `${table}.${column}`, bytes: unpacked(bytes) })),
  );
}

/** Headers rest with a dictionary; what rests without one is read with it all the same. */
const WITH_HEADERS = { dictionary: HEADER_DICTIONARY };

function unpacked(bytes: Buffer): Buffer {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528
    ? zstdDecompressSync(bytes, WITH_HEADERS)
    : bytes;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : statSync(path).isFile() ? [path] : [];
  });
}

/** A provider that says back everything it was sent, key included: in a success, an error and a stream. */
async function startEcho(): Promise<string> {
  let calls = 0;
  const server = createServer((request, response) => {
    const told = JSON.stringify(request.headers);
    calls += 1;
    request.resume();
    if (calls % 3 === 0) {
      response.writeHead(401, {
        'content-type': 'application/json',
        'x-echo': request.headers.authorization ?? '',
      });
      response.end(
        JSON.stringify({
          error: {
            message: `Incorrect API key provided: ${told}`,
            type: 'invalid_request_error',
            code: 'invalid_api_key',
          },
        }),
      );
    } else if (calls % 3 === 1) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          id: 'x',
          model: 'm',
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: told } }],
        }),
      );
    } else {
      response.writeHead(500, { 'content-type': 'text/html' });
      response.end(`<html>${told}</html>`);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`;
}

const readySchema = z.object({ url: z.string(), token: z.string() });

describe('a secret', () => {
  it('is in no file, no log, no answer of the API and no page, whatever the provider does with it', async () => {
    const home = join(temporaryFolder(), 'home');
    const env = { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session', CANARY_KEY: CANARY };
    const practice = await startPracticeServer();
    onTestFinished(() => practice.close());
    const echo = await startEcho();

    const server = spawn(process.execPath, [CLI, 'serve', '--port', '0'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    const printed: string[] = [];
    server.stderr.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    const ready = await new Promise<string>((done) =>
      createInterface({ input: server.stdout }).once('line', done),
    );
    printed.push(ready);
    const { url, token } = readySchema.parse(JSON.parse(ready));

    const answers: string[] = [];
    const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      answers.push(JSON.stringify([...response.headers]), text);
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
    };
    const idOf = (value: unknown, field: string): string =>
      String(z.record(z.string(), z.unknown()).parse(value)[field]);

    const connections = [
      await call('POST', '/v1/connections', {
        name: 'practice with a key',
        provider: 'practice-openai',
        base_url: practice.url,
        secret: CANARY,
      }),
      await call('POST', '/v1/connections', {
        name: 'echo',
        provider: 'lm-studio',
        base_url: echo,
        secret: CANARY,
      }),
      await call('POST', '/v1/connections', {
        name: 'from the environment',
        provider: 'lm-studio',
        base_url: echo,
        key_env: 'CANARY_KEY',
      }),
      await call('POST', '/v1/connections', {
        name: 'nobody there',
        provider: 'openai',
        base_url: 'http://127.0.0.1:9/v1',
        secret: CANARY,
      }),
    ].map((made) => idOf(made, 'connection_id'));
    const template = await call('POST', '/v1/templates', {
      name: 'Canary',
      user_prompt_template: 'Say something.',
      model_id: 'gpt-4o',
    });
    const runs: string[] = [];
    for (const connection_id of connections) {
      await call('POST', `/v1/connections/${connection_id}/test`);
      await call('GET', `/v1/connections/${connection_id}/models?refresh=true`);
      for (const stream of [false, true, false, true]) {
        const run = await call('POST', `/v1/templates/${idOf(template, 'template_id')}/run`, {
          connection_id,
          model_id: 'gpt-4o',
          stream,
        });
        runs.push(idOf(run, 'run_id'));
      }
    }
    for (const run of runs) {
      await call('GET', `/v1/runs/${run}`);
      await call('GET', `/v1/runs/${run}/raw`);
    }
    // Bad input that carries the key: the error names the field, not the value.
    await call('POST', '/v1/connections', { name: 'bad', provider: 'nope', secret: CANARY });
    await call('POST', '/v1/connections', {
      name: 'bad',
      provider: 'openai',
      base_url: 'not a url',
      secret: CANARY,
      typo: 1,
    });
    // A team database's password, and an administrator's.
    const database = { host: '127.0.0.1', port: 1, database: 'team', user: 'ada', password: CANARY };
    await call('PUT', '/v1/sync/connection', database);
    for (const path of ['test', 'push', 'pause', 'resume']) await call('POST', `/v1/sync/${path}`, {});
    await call('POST', '/v1/sync/test', { connection: database });
    await call('POST', '/v1/sync/init', database);
    await call('PUT', '/v1/sync/connection', { ...database, port: CANARY });
    for (const path of [
      '/',
      '/v1/sync/status',
      '/v1/sync/counts',
      '/v1/connections',
      '/v1/providers',
      '/v1/status',
      '/v1/runs',
      '/v1/templates',
      '/openapi.json',
      '/metrics',
      '/nowhere',
    ]) {
      await call('GET', path);
    }
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
    const listed = await runCli(['connections', 'list', '--json'], env);
    printed.push(listed.stdout, listed.stderr);
    const teamUrl = `postgres://ada:${encodeURIComponent(CANARY)}@127.0.0.1:1/team?sslmode=disable`;
    for (const command of ['status', 'push']) {
      const told = await runCli(['sync', command], { ...env, PROMPTER_DATABASE_URL: teamUrl });
      printed.push(told.stdout, told.stderr);
    }

    expect(runs.length).toBe(16);
    expect(
      answers.flatMap((text) => formsIn(Buffer.from(text)).map((form) => `${form}: ${text.slice(0, 300)}`)),
    ).toEqual([]);
    expect(formsIn(Buffer.from(printed.join('\n')))).toEqual([]);
    const files = filesBelow(home);
    expect(files.map((path) => path.slice(home.length + 1))).toContain('prompter.db');
    expect(files.flatMap((path) => formsIn(readFileSync(path)).map((form) => `${path}: ${form}`))).toEqual(
      [],
    );

    const db = new Database(join(home, 'prompter.db'), { readonly: true });
    expect(
      packedBlobs(db).flatMap(({ place, bytes }) => formsIn(bytes).map((form) => `${place}: ${form}`)),
    ).toEqual([]);
    // The evidence that a key was overwritten, and that the test would have seen it: the echo did answer with it.
    const redacted = db.prepare('SELECT count(*) FROM raw_responses WHERE redacted = 1').pluck().get();
    db.close();
    expect(redacted).toBeGreaterThan(0);
  });
});
