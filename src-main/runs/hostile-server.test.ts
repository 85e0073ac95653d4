import { hash } from 'node:crypto';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { byteServer, CRLF, http, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';

const word = { variables: { word: 'hello' } };
async function run(answer: (socket: Socket, request: number) => void, times = 1) {
  const { core } = await practiceCore();
  const connection_id = await connectionTo(core, await byteServer(answer));
  const { template_id } = newTemplate(core);
  const runs = [];
  for (let time = 0; time < times; time += 1) {
    const started = await core.runs.start({ template_id, connection_id, model_id: 'm', ...word });
    runs.push(started.run);
  }
  const last = runs.at(-1);
  if (!last) throw new Error('nothing ran');
  return { core, runs, run: last, raw: () => Buffer.from(core.runs.raw({ run_id: last.run_id }).bytes) };
}

describe('an answer', () => {
  it('of 10 MB is stored and read', async () => {
    const text = 'wort '.repeat(2_000_000);
    const result = await run((socket) => socket.write(json(chatBody(text))));
    expect([result.run.status, result.run.output_text?.length]).toEqual(['succeeded', text.length]);
    expect(hash('sha256', result.raw())).toBe(result.run.raw_response_sha256);
  });

  it.each([
    ['of 0 bytes', json(''), 'failed', 'parse_failed', 0],
    ['that is not UTF-8', json(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), 'failed', 'parse_failed', 4],
    [
      'that is a redirect',
      json('{}', '307 Temporary Redirect', ['location: http://127.0.0.1:1/x']),
      'failed',
      'invalid_request',
      2,
    ],
    [
      'that comes after announcements',
      Buffer.concat([http('103 Early Hints', ['link: </x>']), json(chatBody('hi'))]),
      'succeeded',
      null,
      chatBody('hi').length,
    ],
    ['with a status that does not exist', json('{}', '799 What'), 'failed', 'provider_error', 2],
    [
      'that claims to be gzip and is not',
      json('{"a":1}', '200 OK', ['content-encoding: gzip']),
      'failed',
      'parse_failed',
      7,
    ],
    // JSON.parse reads it as Infinity, which no record could show.
    [
      'with a number beyond all bounds',
      json('{"usage":{"prompt_tokens":1e400}}'),
      'failed',
      'parse_failed',
      33,
    ],
    ['of nested brackets without end', json('['.repeat(100_000)), 'failed', 'parse_failed', 100_000],
  ] as const)('%s is stored as it came', async (_, bytes, status, code, size) => {
    const result = await run((socket) => socket.write(bytes));
    expect([result.run.status, result.run.failure_code]).toEqual([status, code]);
    expect(result.raw()).toHaveLength(size);
  });

  it('whose output nests too deeply for its schema is invalid, and can still be shown', async () => {
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    const { core } = await practiceCore();
    const connection_id = await connectionTo(
      core,
      await byteServer((socket) => socket.write(json(chatBody(deep)))),
    );
    const { template_id } = newTemplate(core, { response_schema: { type: 'array' } });
    const { run: ran } = await core.runs.start({ template_id, connection_id, model_id: 'm', ...word });
    expect([ran.failure_code, ran.output_text, ran.output_json]).toEqual(['output_invalid', deep, null]);
  });

  it('that names its version in half a surrogate pair is read, and shown by what of it can be kept', async () => {
    const body = chatBody('hi')
      .replace('"held-model"', String.raw`"m\u0000\ud800"`)
      .replace('"fp_held"', String.raw`"fp\udc00"`);
    const { core, run: ran } = await run((socket) => socket.write(json(body)));
    expect([ran.status, ran.provider_version_key]).toEqual(['succeeded', 'fp\ufffd']);
    expect(core.runs.get({ run_id: ran.run_id }).evidence).toMatchObject({ echoed_model: 'm\u0000\ufffd' });
  });

  it('shorter than its length says is cut off; what came is stored', async () => {
    const result = await run((socket) => {
      socket.write(http('200 OK', ['content-type: application/json', 'content-length: 5000'], '{"id":'));
      socket.end();
    });
    expect([result.run.status, result.run.failure_code]).toEqual(['failed', 'stream_cut']);
    expect(result.raw().toString()).toBe('{"id":');
  });

  it('in chunks that come byte by byte is put together', async () => {
    const body = chatBody('slow');
    const result = await run((socket) => {
      socket.write(http('200 OK', ['content-type: application/json', 'transfer-encoding: chunked']));
      const next = (index: number): void => {
        if (index === body.length) socket.write(`0${CRLF}${CRLF}`);
        else socket.write(`1${CRLF}${body[index]}${CRLF}`, () => next(index + 1));
      };
      next(0);
    });
    expect([result.run.status, result.run.output_text]).toEqual(['succeeded', 'slow']);
    expect(result.raw().toString()).toBe(body);
  });

  it('that is no HTTP leaves the run in doubt: the request had arrived', async () => {
    const result = await run((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    expect([result.run.status, result.run.failure_code]).toEqual(['outcome_unknown', 'network_error']);
  });
});

describe('a connection that the server closes between calls', () => {
  it('does not hurt the next call, and nothing is sent twice', async () => {
    let requests = 0;
    const result = await run((socket) => {
      requests += 1;
      socket.end(json(chatBody('once'), '200 OK', ['connection: keep-alive']));
    }, 5);
    expect(result.runs.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'succeeded'));
    expect(requests).toBe(5);
  });
});
