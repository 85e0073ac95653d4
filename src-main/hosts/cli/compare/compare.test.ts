import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { picodollarsFromUsd } from '../../../../src-shared/domain';
import { commandLine } from '../../../../test/support/program';

const { folder, file, prompter } = commandLine();
const template = file(
  'greet.yaml',
  'name: Greeting\nmodel_id: gpt-4o\nuser_prompt_template: Greet {{ name }}\n',
);
const rows = file('rows.csv', 'name\nAda\n"Grace, H."\n=cmd()\n');
const targets = 'practice-openai:gpt-4o,practice-google:gemini-2.0-flash';

describe('compare', () => {
  const compare = (over: string, ...more: string[]) =>
    prompter(['compare', template, '--targets', over, '--inputs', rows, ...more]);

  test('runs rows × targets × repeats, shows them and sums them up', async () => {
    const { exitCode, out, err } = await compare(targets, '--replicates', '2');
    expect(exitCode).toBe(0);
    expect(out.match(/^ +[123] {2}\S+:(gpt-4o|gemini-2\.0-flash) /gm)).toHaveLength(12);
    expect(out).toMatch(/^practice-openai:gpt-4o +6 +0 +0 +\d+\/\d+ +\$0\.\d+ +\d+ ms +– +6 +3$/m);
    expect(err).toContain('12/12 (100%)');
  });

  test('writes results in each format, all of the same cells', async () => {
    const read = async (type: string) => {
      const path = join(folder, `results.${type}`);
      const outcome = await compare(targets, '--out', path, '--json', '--progress', 'none');
      expect(outcome.exitCode).toBe(0);
      expect(JSON.parse(outcome.out)).toMatchObject({ status: 'completed', total: 6, out: path });
      return readFileSync(path, 'utf8');
    };
    const json = JSON.parse(await read('json'));
    const jsonl = (await read('jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const csv: Record<string, string>[] = parse(await read('csv'), { columns: true });
    const html = await read('html');

    const texts = json.rows.flatMap((row: { cells: { output_text: string }[] }) =>
      row.cells.map(({ output_text }) => output_text),
    );
    expect(texts).toHaveLength(6);
    expect(jsonl.map(({ output_text }) => output_text)).toEqual(texts);
    expect(csv.map((record) => record['output_text'])).toEqual(texts);
    expect(csv.at(-1)?.['input.name']).toBe("'=cmd()");
    expect(html.match(/class="answer"/g)).toHaveLength(6);
  });

  test('reports each stored cell to programs, with the hash of its bytes', async () => {
    const { err, out } = await compare(targets, '--progress', 'jsonl', '--json');
    const lines = err
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const { batch_id } = JSON.parse(out);
    expect(lines[0]).toEqual({ event: 'batch', batch_id, total: 6 });
    const stored = lines.slice(1);
    expect(new Set(stored.map(({ batch_run_index }) => batch_run_index))).toEqual(
      new Set([0, 1, 2, 3, 4, 5]),
    );
    expect(stored).toHaveLength(6);
    for (const line of stored) {
      expect(line).toMatchObject({ event: 'stored', batch_id, status: 'succeeded' });
      const run = JSON.parse((await prompter(['runs', 'get', line.run_id, '--json'])).out);
      expect(run.raw_response_sha256).toBe(line.raw_response_sha256);
    }
  });

  test('is paused by Ctrl+C, says how to go on, and goes on', async () => {
    const many = file(
      'many.csv',
      `name\n${Array.from({ length: 60 }, (_, index) => `n${index}`).join('\n')}\n`,
    );
    let pressed = false;
    const paused = await prompter(
      [
        'compare',
        template,
        '--targets',
        'practice-openai:gpt-4o@latency=20',
        '--inputs',
        many,
        '--concurrency',
        '2',
      ],
      ({ err }) => {
        if (pressed || !err.includes('(10%)')) return;
        pressed = true;
        process.emit('SIGINT');
      },
    );
    expect(paused.exitCode).toBe(1);
    const batchId = /prompter compare --resume (\S+)/.exec(paused.err)?.[1] ?? '';
    const before = JSON.parse((await prompter(['batch', 'get', batchId, '--json'])).out);
    expect(before.status).toBe('paused');
    expect(before.counts).toMatchObject({ running: 0, failed: 0, outcome_unknown: 0 });
    expect(before.counts.pending).toBeGreaterThan(0);

    const resumed = await prompter(['compare', '--resume', batchId, '--json']);
    expect(resumed.exitCode).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ status: 'completed', counts: { succeeded: 60 } });
    expect((await prompter(['compare', '--resume', batchId])).exitCode).toBe(0);
  });

  test('a column of a table holds what the template takes: messages for a placeholder, a list for a loop', async () => {
    const chat = file(
      'chat.json',
      JSON.stringify({
        name: 'Chat',
        provider: 'practice-openai',
        model_id: 'gpt-4o',
        messages: [
          { placeholder: 'history' },
          { role: 'user', content: '{% for tag in tags %}<{{ tag }}>{% endfor %} {{ text }}' },
        ],
      }),
    );
    const history = '[{""role"": ""user"", ""content"": ""Hello""}]';
    const table = file('chat.csv', `history,tags,text\n"${history}","[""a"",""b""]",[c]\n`);
    const results = join(folder, 'chat-results.json');
    const outcome = await prompter(['compare', chat, '--inputs', table, '--out', results]);
    expect(outcome).toMatchObject({ exitCode: 0 });
    const { rows: compared } = JSON.parse(readFileSync(results, 'utf8'));
    expect(compared).toMatchObject([
      {
        variables: { history: [{ role: 'user', content: 'Hello' }], tags: ['a', 'b'], text: '[c]' },
        cells: [{ status: 'succeeded' }],
      },
    ]);

    const broken = file('broken.csv', 'history,tags,text\n[],[],x\n[],[1.,x\n');
    expect(await prompter(['compare', chat, '--inputs', broken])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('broken.csv: row 2, tags: JSON, line 1, '),
    });
  });

  test('with failed cells is exit code 1', async () => {
    const { exitCode, err } = await compare('practice-openai:gpt-4o@status=500');
    expect(exitCode).toBe(1);
    expect(err).toContain('3 of 3 cells failed.');
  });

  test.each([1, 2, 3])('reports each of %i cells, however soon they end', async (count) => {
    const few = file(`few-${count}.csv`, `name\n${'x\n'.repeat(count)}`);
    const run = (...more: string[]) =>
      prompter(['compare', template, '--targets', 'practice-openai:gpt-4o', '--inputs', few, ...more]);
    const { err, out } = await run('--progress', 'jsonl', '--json');
    expect(err.match(/"event":"stored"/g)).toHaveLength(count);
    expect(JSON.parse(out)).toMatchObject({ total: count, targets: [{ ok: count }] });
    expect((await run()).err).toContain(`${count}/${count} (100%)`);
  });

  test('takes targets with commas of their own, and more than one --targets', async () => {
    const { exitCode, out } = await compare(
      'practice-openai:gpt-4o@status=500,latency=1,practice-google:gemini-2.0-flash',
      '--targets',
      'practice-anthropic:claude-3-opus-20240229',
      '--json',
    );
    expect(exitCode).toBe(1);
    const summaries: { target: string; failed: number }[] = JSON.parse(out).targets;
    expect(summaries.map(({ target, failed }) => [target, failed])).toEqual([
      ['practice-openai:gpt-4o@status=500,latency=1', 3],
      ['practice-google:gemini-2.0-flash', 0],
      ['practice-anthropic:claude-3-opus-20240229', 0],
    ]);
  });

  test('tries failed cells again when asked to', async () => {
    const { err } = await compare('practice-openai:gpt-4o@status=500');
    const again = /prompter (compare --resume \S+ --retry-failed)/.exec(err)?.[1]?.split(' ') ?? [];
    const retried = await prompter([...again, '--progress', 'jsonl']);
    expect(retried.exitCode).toBe(1);
    expect(retried.err.match(/"event":"stored"/g)).toHaveLength(3);
  });

  test('counts what every attempt of a cell has cost', async () => {
    const strict = file(
      'strict.json',
      JSON.stringify({
        name: 'Strict',
        model_id: 'gpt-4o',
        user_prompt_template: 'Greet {{ name }} in JSON',
        response_schema: { type: 'object', required: ['greeting'] },
      }),
    );
    const over = ['--targets', 'practice-openai:gpt-4o@invalidjson=text', '--inputs', rows];
    const costOf = ({ out }: { out: string }): bigint =>
      picodollarsFromUsd(JSON.parse(out).targets[0].cost_usd);
    const first = await prompter(['compare', strict, ...over, '--json']);
    expect(JSON.parse(first.out).counts).toMatchObject({ failed: 3 });
    expect(costOf(first)).toBeGreaterThan(0n);
    const resume = ['compare', '--resume', JSON.parse(first.out).batch_id, '--retry-failed', '--json'];
    expect(costOf(await prompter(resume))).toBe(2n * costOf(first));
  });

  test('has no sum, and not $0, for a target whose price nobody knows', async () => {
    const { exitCode, out } = await compare('practice-openai:nobody-knows-its-price', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).targets).toMatchObject([{ ok: 3, cost_usd: null }]);
  });

  test('that its budget stops is exit code 3, and no way to go on is promised', async () => {
    const { exitCode, out, err } = await compare('practice-openai:gpt-4o', '--budget', '0.000001');
    expect(exitCode).toBe(3);
    expect(err).toMatch(/The comparison is stopped\. .*budget/);
    expect(err).not.toContain('..');
    expect(err).not.toContain('--resume');
    expect(out).toMatch(/^practice-openai:gpt-4o +0 +0 +0 /m);
  });

  test.each([
    ['a folder that is not there', 'none/results.csv'],
    ['the name of a folder', 'taken.csv'],
  ])('says before it sends anything that --out is %s', async (_what, name) => {
    mkdirSync(join(folder, 'taken.csv'), { recursive: true });
    const { exitCode, err } = await compare(targets, '--out', join(folder, name));
    expect(exitCode).toBe(2);
    expect(err).toContain('--out');
    expect(JSON.parse((await prompter(['batch', 'list', '--json'])).out).items).toEqual([]);
  });

  test('refuses options that would be ignored', async () => {
    for (const option of [['--replicates', '2'], ['--budget', '1'], ['--stream'], ['--targets', targets]]) {
      const { exitCode, err } = await prompter(['compare', '--resume', 'x', ...option]);
      expect([exitCode, err]).toEqual([2, expect.stringContaining('as planned')]);
    }
    expect((await compare(targets, '--retry-unknown')).exitCode).toBe(2);
  });

  test('says before anything is sent what of the inputs no prompt will hold', async () => {
    const extra = file('extra.csv', 'name,expected\nAda,Hi\n,\n');
    const { exitCode, err } = await prompter([
      'compare',
      template,
      '--targets',
      'practice-openai:gpt-4o',
      '--inputs',
      extra,
    ]);
    expect(exitCode).toBe(0);
    expect(err).toContain('extra.csv: skipped 1 empty row.');
    expect(err).toContain('extra.csv: the template does not use expected.');
  });

  test('refuses inputs of which the template reads nothing', async () => {
    const plain = file(
      'single-braces.yaml',
      'name: Braces\nmodel_id: gpt-4o\nuser_prompt_template: Greet {name}\n',
    );
    const { exitCode, err } = await prompter([
      'compare',
      plain,
      '--targets',
      'practice-openai:gpt-4o',
      '--inputs',
      rows,
    ]);
    expect(exitCode).toBe(2);
    expect(err).toContain('the template uses none of name; write {{ name }} where the template has {name}');
  });

  test('names the variable that the inputs do not have', async () => {
    const wrong = file('wrong.csv', 'nom\nAda\n');
    const { exitCode, err } = await prompter(['compare', template, '--targets', targets, '--inputs', wrong]);
    expect(exitCode).toBe(2);
    expect(err).toContain('name');
    expect(err).toContain('as a column of --inputs');
  });

  test.each([80, 120, 160])('shows no line wider than a terminal of %i columns', async (columns) => {
    const wide = file('wide.csv', 'name\n日本語のとても長い名前\n');
    const { out } = await prompter(
      [
        'compare',
        template,
        '--targets',
        `${targets},practice-anthropic:claude-3-opus-20240229`,
        '--inputs',
        wide,
      ],
      () => {},
      { columns },
    );
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    for (const model of ['gpt-4o', 'gemini-2.0-flash', 'claude-3-opus-20240229'])
      expect(out).toContain(model);
  });
});
