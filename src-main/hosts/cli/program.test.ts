import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { commandLine } from '../../../test/support/program';
import { openEngine } from '../../rpc';
import { COMMANDS, TABLE } from './command-table';

const { home, file, prompter } = commandLine();

const template = file(
  'greet.yaml',
  'name: Greeting\nmodel_id: gpt-4o\nuser_prompt_template: Greet {{ name }}\n',
);
const rows = file('rows.csv', 'name\nAda\n"Grace, H."\n=cmd()\n');
const targets = 'practice-openai:gpt-4o,practice-google:gemini-2.0-flash';

describe('every command', () => {
  test.each(COMMANDS.map(({ usage }) => usage))('%s has help with an example, and --json', async (usage) => {
    const words = usage.split(' ').filter((word) => !/^[<[]/.test(word));
    const { exitCode, out } = await prompter([...words, '--help']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/\n {2}\$ [^\n]*prompter /);
    expect(out).toContain('--json');
  });

  test.each(TABLE.flatMap((entry) => ('commands' in entry ? [entry.name] : [])))(
    'the group %s has help with an example',
    async (group) => {
      expect((await prompter([group, '--help'])).out).toMatch(/\n {2}\$ prompter /);
    },
  );

  test('help opens no store', () => {
    expect(existsSync(home())).toBe(false);
  });
});

describe('wrong use is exit code 2', () => {
  test.each([
    [['nonsense']],
    [['templates', 'get']],
    [['templates', 'list', '--limit', 'many']],
    [['templates', 'create', 'none.yaml']],
    [['templates', 'create', 'x.prompty']],
    [['templates', 'create', file('bad.json', '{"name":')]],
    [['templates', 'create', file('misspelt.json', '{"name":"a","model_id":"m","tempature":1}')]],
    [['compare']],
    [['compare', template, '--targets', 'nobody:m', '--inputs', rows]],
    [['compare', template, '--targets', targets, '--inputs', 'none.csv']],
    [['compare', template, '--targets', targets, '--inputs', rows, '--out', 'x.xls']],
    [['compare', template, '--targets', targets, '--inputs', rows, '--progress', 'fireworks']],
    [['compare', template, '--resume', 'x']],
    [['connections', 'add', 'x']],
    [['connections', 'set-secret', 'x']],
    [['hash', '--kind', 'colour']],
    [['run', template, '--target', targets.split(',')[0] ?? '']],
    [['connections', 'add', 'x', '--provider', 'openai']],
    [['connections', 'add', 'x', '--provider', 'nobody', '--key-env', 'X']],
    [['runs', 'list', '--status', 'happy']],
    [['costs', '--by', 'mood']],
    [['costs', '--from', 'yesterday']],
    [['costs', '--time-zone', 'Nowhere/Land']],
    [['compare', template, '--targets', targets, '--inputs', rows, '--budget', '99999999']],
    [['audit', 'verify', 'none.jsonl']],
    [['audit', 'export', '--out', '/nowhere/audit.jsonl']],
    [['runs', 'raw', 'x', '--out', '/nowhere/answer']],
    [['review', 'correct', 'x', '--file', 'none.json']],
    [['hash', '--kind', 'json', import.meta.dirname]],
  ])('%j', async (args) => {
    const plain = await prompter(args);
    expect(plain).toMatchObject({ exitCode: 2, out: '' });
    expect(plain.err).toMatch(/^error: .+/m);
    const { exitCode, out } = await prompter([...args, '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: expect.any(String), message: expect.any(String) },
    });
  });
});

test('a template file that is wrong is told by its fields', async () => {
  const bad = file('fields.json', '{"name":" ","model_id":"m","tempature":1}');
  const plain = await prompter(['templates', 'create', bad]);
  expect(plain.err).toContain('name must not be empty; tempature is not a known field');
  // Nobody can guess the names: the message has them.
  expect(plain.err).toMatch(
    /Fields of a template: .*name, .*user_prompt_template, .*model_id, inference_params/,
  );
  const { error } = JSON.parse((await prompter(['templates', 'create', bad, '--json'])).out);
  expect(error).toMatchObject({
    code: 'VALIDATION_FAILED',
    data: { fields: [{ path: 'name' }, { path: 'tempature', message: 'is not a known field' }] },
  });
});

test.each([
  [
    'id.yaml',
    'name: a\nmodel_id: m\ninference_params:\n  seed: 12345678901234567890\n',
    /id\.yaml, line 4: the number/,
  ],
  [
    'id.json',
    '{"name":"a","model_id":"m",\n"inference_params":{"seed":1e400}}',
    /id\.json, line 2, column 28: /,
  ],
  ['twice.yaml', 'name: a\nmodel_id: m\nname: b\n', /twice\.yaml, line 3: /],
  ['twice.json', '{"name":"a",\n"name":"b","model_id":"m"}', /twice\.json, line 2, column 1: The key "name"/],
  ['empty.yaml', '', /empty\.yaml is empty/],
  ['empty.json', '\n', /empty\.json is empty/],
  ['latin.yaml', Buffer.from('name: Zürich\nmodel_id: m\n', 'latin1'), /latin\.yaml: byte 8 is not UTF-8/],
])(
  'a template file is frozen exactly as it is written, or refused with the place: %s',
  async (name, text, said) => {
    const { exitCode, err } = await prompter(['templates', 'create', file(name, text)]);
    expect([exitCode, err]).toEqual([2, expect.stringMatching(said)]);
  },
);

test('variables that the template does not read are said before the run is sent', async () => {
  const target = ['--target', targets.split(',')[0] ?? ''];
  const given = ['--var', 'name=Ada', '--var', 'nmae=Ada'];
  const { exitCode, err } = await prompter(['run', template, ...target, ...given]);
  expect([exitCode, err]).toEqual([0, expect.stringContaining('The template does not use nmae.')]);
});

test('a list that goes on says how to read on', async () => {
  await prompter(['sample']);
  const first = await prompter(['templates', 'list', '--limit', '1']);
  const cursor = /More: --cursor (\S+)\n$/.exec(first.out)?.[1] ?? '';
  const second = await prompter(['templates', 'list', '--limit', '1', '--cursor', cursor]);
  expect(second.exitCode).toBe(0);
  expect(second.out).not.toBe(first.out);
});

test('a failure is exit code 1, in words or as one JSON document', async () => {
  const plain = await prompter(['templates', 'get', 'none']);
  expect(plain).toEqual({
    exitCode: 1,
    out: '',
    err: 'error: No prompt is called "none".\nTo see what there is: prompter prompts list\n',
  });
  expect((await prompter(['batch', 'get', 'none'])).err).toContain('No comparison with the id "none".');
  const json = await prompter(['runs', 'get', 'none', '--json']);
  expect(json.exitCode).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'NOT_FOUND', data: { id: 'none' } } });
});

describe('what a rule refuses is exit code 3', () => {
  test('a duplicate', async () => {
    expect((await prompter(['templates', 'create', template])).exitCode).toBe(0);
    const again = await prompter(['templates', 'create', template, '--json']);
    expect(again.exitCode).toBe(3);
    expect(JSON.parse(again.out)).toMatchObject({ error: { code: 'TEMPLATE_DUPLICATE' } });
    expect((await prompter(['templates', 'check', template])).exitCode).toBe(3);
  });

  test('a name that is taken', async () => {
    const add = ['connections', 'add', 'mine', '--provider', 'ollama'];
    expect((await prompter(add)).exitCode).toBe(0);
    expect((await prompter(add)).exitCode).toBe(3);
  });

  test('a version pin', async () => {
    const pinned = file(
      'pinned.json',
      JSON.stringify({
        name: 'Pinned',
        model_id: 'gpt-4o',
        user_prompt_template: 'Hi',
        model_version_constraint: 'gpt-4o-1999-01-01',
      }),
    );
    const { exitCode, err } = await prompter(['run', pinned, '--target', 'practice-openai:gpt-4o']);
    expect(exitCode).toBe(3);
    expect(err).toContain('Nothing was sent');
  });
});

test('what to do is said in the words of the command line', async () => {
  const missing = await prompter(['run', template, '--target', 'practice-openai:gpt-4o']);
  expect(missing.err).toContain('--var NAME=VALUE');
  expect((await prompter(['connections', 'add', 'x', '--provider', 'openai'])).err).toContain('--key-stdin');
  const status = await prompter(['runs', 'list', '--status', 'happy']);
  expect(status.err).toContain('must be one of pending, sending,');
  expect((await prompter(['--help'])).out).toContain('$ prompter demo');
});

test('a streamed answer is read once on a terminal, and whole in a file', async () => {
  const args = ['run', template, '--target', 'practice-openai:gpt-4o', '--var', 'name=Ada', '--stream'];
  const toFile = await prompter(args);
  const onScreen = await prompter(args, () => {}, { outIsTty: true });
  const [text = ''] = toFile.out.split('\n');
  expect(text.length).toBeGreaterThan(20);
  expect(onScreen.out.split(text)).toHaveLength(2);
  expect(onScreen.err).not.toContain(text);
});

test('a store that is in use is refused, saying by whom and how to go on', async () => {
  const engine = await openEngine('1.2.3', process.env);
  const { exitCode, err } = await prompter(['templates', 'list']);
  await engine.core.close();
  expect(exitCode).toBe(1);
  expect(err).toContain(`process ${process.pid}`);
  expect(err).toContain('PROMPTER_HOME');
  expect((await prompter(['templates', 'list'])).exitCode).toBe(0);
});

test('hash opens no store', async () => {
  const { exitCode, out } = await prompter(['hash', file('n.txt', '1.50\n'), '--kind', 'number']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ canonical: '1.5' });
  expect(existsSync(home())).toBe(false);
});

test('a template is listed, rendered, run and its bytes read back', async () => {
  const created = JSON.parse((await prompter(['templates', 'create', template, '--json'])).out);
  expect((await prompter(['templates', 'list', '--query', 'Greeting'])).out).toContain(created.template_id);
  const rendered = await prompter([
    'templates',
    'render',
    created.template_id,
    '--var',
    'name=Ada=x',
    '--json',
  ]);
  expect(JSON.parse(rendered.out)).toMatchObject({ user: 'Greet Ada=x' });

  const ran = await prompter([
    'run',
    created.template_id,
    '--target',
    'practice-openai:gpt-4o',
    '--var',
    'name=Ada',
    '--json',
  ]);
  expect(ran.exitCode).toBe(0);
  const run = JSON.parse(ran.out);
  const raw = await prompter(['runs', 'raw', run.run_id]);
  expect(JSON.parse(raw.out)).toMatchObject({ model: 'gpt-4o-2024-08-06' });
  expect(Buffer.byteLength(raw.out, 'latin1')).toBe(run.raw_response_size);

  const streamed = await prompter([
    'run',
    created.template_id,
    '--target',
    'practice-openai:gpt-4o',
    '--var',
    'name=Eve',
    '--stream',
  ]);
  expect(streamed.exitCode).toBe(0);
  expect(streamed.err.trim().length).toBeGreaterThan(10);
  const failed = await prompter([
    'run',
    created.template_id,
    '--target',
    'practice-openai:gpt-4o@status=500',
    '--var',
    'name=Ada',
  ]);
  expect(failed.exitCode).toBe(1);
  // As in the sums: what certainly failed cost nothing, and no answer has tokens to count.
  expect(failed.out).toContain(' · – tokens · not billed · ');
  expect((await prompter(['runs', 'list', '--status', 'failed'])).out).toContain('not billed');
});

test('a server of one’s own is connected without a key, as through the API', async () => {
  const own = ['connections', 'add', 'own', '--provider', 'openai', '--base-url', 'http://localhost:9/v1'];
  expect((await prompter(own)).exitCode).toBe(0);
});

test('connections are added by the name of a variable, listed, tested, changed and removed', async () => {
  vi.stubEnv('MY_PRACTICE_KEY', 'canary-secret-value');
  const added = await prompter([
    'connections',
    'add',
    'mine',
    '--provider',
    'practice-anthropic',
    '--key-env',
    'MY_PRACTICE_KEY',
    '--json',
  ]);
  expect(JSON.parse(added.out)).toMatchObject({
    name: 'mine',
    key_source: 'env',
    key_env: 'MY_PRACTICE_KEY',
  });
  const listed = await prompter(['connections', 'list', '--json']);
  expect(added.out + listed.out).not.toContain('canary-secret-value');
  expect(await prompter(['connections', 'test', 'mine'])).toMatchObject({ exitCode: 0 });
  const changed = await prompter(['connections', 'set', 'mine', '--name', 'ours', '--concurrency', '2']);
  expect(changed.out).toBe('"ours": the provider’s own address, 2 calls at once\n');
  expect((await prompter(['connections', 'set', 'ours'])).err).toMatch(/Nothing to change/);
  expect((await prompter(['connections', 'remove', 'ours'])).exitCode).toBe(0);
  expect((await prompter(['connections', 'test', 'ours'])).exitCode).toBe(2);
});

test('the demo shows all that it promises, and pushes none of it to a team', async () => {
  vi.stubEnv('PROMPTER_DATABASE_URL', 'not an address: whoever reads it fails');
  const { exitCode, out } = await prompter(['demo']);
  expect(exitCode).toBe(0);
  expect(out).toContain('409 TEMPLATE_DUPLICATE');
  expect(out).toContain('409 VERSION_MISMATCH');
  expect(out).toContain('the model changed: gpt-4o-2024-08-06 -> gpt-4o-2026-01-08');
  // The thirty cells; the probes of the pin are paid for and counted as no runs.
  expect(out).toMatch(/^total +30 +96\.7 %/m);
  expect(out).toMatch(/^Version probes \(not in the table\): 2 calls, at least \$/m);
  expect(out).toContain(
    'claude-haiku-4-5-20251001 says SAFETY, practice-google:gemini-2.5-flash says REFUND',
  );
  expect(out).toContain(
    'practice-anthropic:claude-haiku-4-5-20251001 is waiting in Review: The output is not',
  );
  expect(out).toContain('gpt-4o-mini-2024-07-18 says EXCHANGE, gpt-4o-mini-2026-01-08 says REFUND');
  expect(out.match(/^\d+ entries verified/gm)).toHaveLength(3);
  for (const name of ['practice-openai:', 'practice-anthropic:', 'practice-google:'])
    expect(out).toContain(name);
  expect(existsSync(home())).toBe(false);
});

test('serve prints one line when it is ready and ends cleanly when told to', async () => {
  const answers: Promise<Response>[] = [];
  const { exitCode, out } = await prompter(
    ['serve', '--token', 'a-token-of-more-than-22-characters'],
    (written) => {
      if (answers.length > 0 || !written.out.endsWith('\n')) return;
      const { url, token } = JSON.parse(written.out);
      const asked = fetch(`${url}/v1/status`, { headers: { authorization: `Bearer ${token}` } });
      answers.push(asked);
      // The handler that ends the server is set once the line is out.
      void asked.finally(() => process.emit('SIGTERM'));
    },
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ token: 'a-token-of-more-than-22-characters', pid: process.pid });
  expect((await answers[0])?.status).toBe(200);
  expect((await prompter(['doctor'])).exitCode).toBe(0);
});

test('link prints a way into the interface of the Prompter that runs, whose token stays untold', async () => {
  expect(await prompter(['link'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('not running'),
  });
  const opened: Promise<Response>[] = [];
  const links: string[] = [];
  const served = await prompter(['serve'], (written) => {
    if (opened.length > 0 || !written.out.endsWith('\n')) return;
    const follow = async () => {
      const { out } = await prompter(['link', '--json']);
      links.push(JSON.parse(out).link);
      return fetch(links[0] ?? '', { redirect: 'manual' });
    };
    opened.push(follow());
    void opened[0]?.finally(() => process.emit('SIGTERM'));
  });
  const { url, token, link } = JSON.parse(served.out);
  expect(links[0]).toMatch(new RegExp(`^${url}/open\\?code=`));
  expect(links[0]).not.toBe(link);
  expect(links[0]).not.toContain(token);
  expect((await opened[0])?.status).toBe(303);
  expect(await prompter(['link'])).toMatchObject({ exitCode: 1 });
});

test.runIf(process.platform === 'linux')(
  'doctor warns of a missing keychain, without which Prompter works',
  async () => {
    vi.stubEnv('PROMPTER_KEYCHAIN', 'os');
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nowhere');
    const { exitCode, out } = await prompter(['doctor', '--json']);
    const { ok, checks } = JSON.parse(out);
    expect([exitCode, ok]).toEqual([0, true]);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'keychain', ok: true, warning: true }));
  },
);

test('doctor finds a file in place of the data folder, or above it', async () => {
  const path = file('not-a-folder', '');
  for (const there of [path, join(path, 'below')]) {
    vi.stubEnv('PROMPTER_HOME', there);
    const { exitCode, out } = await prompter(['doctor']);
    expect(exitCode).toBe(1);
    expect(out).toContain(`BAD  data folder        ${path} is not a folder.`);
  }
});

test('doctor finds a damaged store', async () => {
  await prompter(['sample']);
  expect((await prompter(['doctor'])).exitCode).toBe(0);
  const store = join(home(), 'prompter.db');
  const bytes = readFileSync(store);
  bytes.fill(0xff, 8192, 8192 * 6);
  writeFileSync(store, bytes);
  const { exitCode, out } = await prompter(['doctor', '--json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false });
});
