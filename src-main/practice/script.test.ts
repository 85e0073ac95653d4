import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileScript, readScript, startPracticeServer } from '.';

const folder = mkdtempSync(join(tmpdir(), 'practice-script-'));
afterAll(() => rmSync(folder, { recursive: true }));

const request = (extra: object = {}) => ({
  protocol: 'openai',
  model: 'gpt-4o',
  path: '/openai/v1/responses',
  bodyText: () => '{"input":"How tall is it?"}',
  ...extra,
});

describe('a fault script', () => {
  it('matches on every given condition', () => {
    const script = compileScript([
      {
        match: { protocol: 'openai', model: 'gpt-*', path: '*/responses', contains: 'tall' },
        do: { status: 500 },
      },
    ]);
    expect(script(request())).toEqual({ status: 500 });
    for (const other of [
      { protocol: 'google' },
      { model: 'o3' },
      { path: '/openai/v1/chat/completions' },
      { bodyText: () => '{}' },
    ]) {
      expect(script(request(other))).toEqual({});
    }
  });

  it('counts only the requests that its other conditions meet', () => {
    const nth = compileScript([{ match: { model: 'o3', nth: [1, 3] }, do: { timeout: true } }]);
    const answers = ['gpt-4o', 'o3', 'gpt-4o', 'o3', 'o3'].map(
      (model) => nth(request({ model })).timeout ?? false,
    );
    expect(answers).toEqual([false, true, false, false, true]);
    const every = compileScript([{ match: { every: 2 }, do: { reset: true } }]);
    expect([1, 2, 3, 4].map(() => every(request()).reset ?? false)).toEqual([false, true, false, true]);
  });

  it('merges rules in order', () => {
    const script = compileScript([
      { do: { latency: 5, status: 500 } },
      { match: { model: 'gpt-4o' }, do: { status: 503 } },
    ]);
    expect(script(request())).toEqual({ latency: 5, status: 503 });
    expect(script(request({ model: 'o3' }))).toEqual({ latency: 5, status: 500 });
  });

  it.each([
    [[{ do: { latency: 'soon' } }], '0.do.latency'],
    [[{ do: {} }, { match: { protocol: 'azure' }, do: {} }], '1.match.protocol'],
    [[{ match: { nth: 0 }, do: {} }], '0.match.nth'],
    [[{ match: {} }], '0.do'],
    [{ do: {} }, 'script'],
  ])('names the wrong field of %j', (source, path) => {
    const failed = (() => {
      try {
        return void compileScript(source);
      } catch (error) {
        return error;
      }
    })();
    expect(failed).toMatchObject({ code: 'VALIDATION_FAILED', data: { fields: [{ path }] } });
  });

  it('says which word it does not know', () => {
    expect(() => compileScript([{ do: { latancy: 5 } }])).toThrow(/0\.do\.latancy.*not a known field/);
  });

  it('is read from a file, whose absence is an error of its own', () => {
    const file = join(folder, 'script.json');
    writeFileSync(file, JSON.stringify([{ do: { status: 418 } }]));
    expect(readScript(file)(request())).toEqual({ status: 418 });
    expect(() => readScript(join(folder, 'none.json'))).toThrow(/none\.json cannot be read/);
    writeFileSync(file, '[{"match": {},\n "do": }]');
    expect(() => readScript(file)).toThrow(/script\.json cannot be read: line 2, column 8: /);
  });

  it('drives the server, over the faults of the model name', async () => {
    const server = await startPracticeServer({
      script: [
        { match: { nth: 1 }, do: { status: 503 } },
        { match: { contains: 'teapot' }, do: { status: 418 } },
      ],
    });
    const ask = (model: string, content: string) =>
      fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
      }).then((response) => response.status);
    expect(await ask('gpt-4o@status=500', 'Hello')).toBe(503);
    expect(await ask('gpt-4o@status=500', 'Hello')).toBe(500);
    expect(await ask('gpt-4o', 'I am a teapot')).toBe(418);
    expect(await ask('gpt-4o', 'Hello')).toBe(200);
    await server.close();
  });
});
