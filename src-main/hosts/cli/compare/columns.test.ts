import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../../../test/support/program';
import { setsOf } from './columns';

const { folder, file, prompter } = commandLine();
const rows = file('rows.csv', 'name\nAda\nGrace\n');
const model = ['--targets', 'practice-openai:gpt-4o'];
const inputs = ['--inputs', rows];

const json = async (...args: string[]) => JSON.parse((await prompter([...args, '--json'])).out);

let first: string;
let second: string;

beforeEach(async () => {
  const create = async (name: string, text: string, parent?: string): Promise<string> => {
    const template = { name, model_id: 'gpt-4o', user_prompt_template: text, parent_template_id: parent };
    const path = file(`${name}-${text.length}.json`, JSON.stringify(template));
    return (await json('templates', 'create', path)).template_id;
  };
  first = await create('Greeting', 'Greet {{ name }}');
  second = await create('Greeting', 'Greet {{ name }} warmly', first);
  await create('Farewell', 'Say goodbye to {{ name }}');
  await prompter(['templates', 'label', first, 'production']);
});

describe('compare', () => {
  const compare = (...args: string[]) => prompter(['compare', ...args, ...inputs]);
  const targetsOf = async (...args: string[]): Promise<string[]> => {
    const { targets } = await json('compare', ...args, ...inputs);
    return targets.map(({ target }: { target: string }) => target);
  };

  test('takes versions by id, label and number, side by side on each model', async () => {
    const targets = ['--targets', 'practice-openai:gpt-4o,practice-google:gemini-2.0-flash'];
    expect(await targetsOf('Greeting@production', 'Greeting@v2', ...targets)).toEqual([
      'v1 · practice-openai:gpt-4o',
      'v2 · practice-openai:gpt-4o',
      'v1 · practice-google:gemini-2.0-flash',
      'v2 · practice-google:gemini-2.0-flash',
    ]);
    expect(await targetsOf(first, second, ...model)).toHaveLength(2);
  });

  test('says which columns are the same, and runs them', async () => {
    const twice = [
      '--targets',
      'practice-openai:gpt-4o,practice-google:gemini-2.0-flash,practice-openai:gpt-4o',
    ];
    const ran = await compare('Greeting@v1', ...twice);
    expect(ran.exitCode).toBe(0);
    expect(ran.err).toContain(
      'Columns 1 and 3 are the same (practice-openai:gpt-4o): each is run and paid for. To repeat a column, use --replicates.',
    );
    const named = await compare('Greeting@production', 'Greeting@v1', ...model, '--set', 'temperature=0,1');
    expect(named.err).toMatch(/Columns 1 and 2 are the same .*\nColumns 3 and 4 are the same /);
    expect((await compare('Greeting@v1', 'Greeting@v2', ...model)).err).not.toContain('the same');
  });

  test('runs each template on its own model where no target is named', async () => {
    const own = (name: string, provider: string, model_id: string): string =>
      file(
        `${name}.json`,
        JSON.stringify({ name, provider, model_id, user_prompt_template: `${name} {{ name }}` }),
      );
    const files = [
      own('One', 'practice-openai', 'gpt-4o-mini'),
      own('Two', 'practice-google', 'gemini-2.0-flash'),
    ];
    expect(await targetsOf(...files, '--set', 'temperature=0,1')).toEqual([
      'One v1 · practice-openai:gpt-4o-mini · temperature=0',
      'Two v1 · practice-google:gemini-2.0-flash · temperature=0',
      'One v1 · practice-openai:gpt-4o-mini · temperature=1',
      'Two v1 · practice-google:gemini-2.0-flash · temperature=1',
    ]);
    // Of a model that nothing leads to, nothing is sent.
    const before = (await json('batch', 'list')).items.length;
    const unreachable = own('Three', 'openai', 'gpt-4o');
    expect(await compare(...files, unreachable)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('openai'),
    });
    expect(await compare(...files, '--targets', ',')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--targets names no model'),
    });
    expect((await json('batch', 'list')).items).toHaveLength(before);
    expect((await prompter(['compare', '--help'])).out).toMatch(/\$ prompter compare \S+@v1 .*--set /);
  });

  test('names the template too where there are several', async () => {
    expect(await targetsOf('Greeting@v2', 'Farewell@v1', ...model)).toEqual([
      'Greeting v2 · practice-openai:gpt-4o',
      'Farewell v1 · practice-openai:gpt-4o',
    ]);
  });

  test('makes a column of each value of a parameter', async () => {
    const set = ['--set', 'temperature=0,0.5', '--set', 'user=ada'];
    expect(await targetsOf('Greeting@v1', 'Greeting@v2', ...model, ...set)).toEqual([
      'v1 · practice-openai:gpt-4o · temperature=0',
      'v2 · practice-openai:gpt-4o · temperature=0',
      'v1 · practice-openai:gpt-4o · temperature=0.5',
      'v2 · practice-openai:gpt-4o · temperature=0.5',
    ]);
  });

  test('writes which version and parameters each cell is of', async () => {
    const written = async (type: string) => {
      const out = join(folder, `columns.${type}`);
      const set = ['--set', 'temperature=0,1', '--out', out];
      expect((await compare('Greeting@v1', 'Greeting@v2', ...model, ...set)).exitCode).toBe(0);
      return readFileSync(out, 'utf8');
    };
    const records: Record<string, string>[] = parse(await written('csv'), { columns: true });
    expect(records.slice(0, 4).map((one) => [one['version_number'], one['inference_params']])).toEqual([
      ['1', '{"temperature":0}'],
      ['2', '{"temperature":0}'],
      ['1', '{"temperature":1}'],
      ['2', '{"temperature":1}'],
    ]);
    expect(records[0]).toMatchObject({ template_name: 'Greeting', target: expect.stringContaining('v1 · ') });
    const document = JSON.parse(await written('json'));
    expect(document.templates.map(({ template_id }: { template_id: string }) => template_id)).toEqual([
      first,
      second,
    ]);
    expect(document.batch.targets).toMatchObject([{ version_number: 1 }, { version_number: 2 }, {}, {}]);
    const html = await written('html');
    expect(html).toContain('<th scope="col">v2 · practice-openai:gpt-4o · temperature=1</th>');
    expect(html.match(/Template Greeting v[12]/g)).toHaveLength(2);
  });

  test.each([
    ['Nobody@production', 'No prompt is called "Nobody"'],
    ['Greeting@staging', 'staging'],
    ['Greeting@v9', '9'],
    ['Greeting@Not-a-label', 'label'],
    ['0198c0de', '0198c0de'],
  ])('refuses %s, and sends nothing', async (name, said) => {
    const { exitCode, err } = await compare('Greeting@v1', name, ...model);
    expect(exitCode).toBeGreaterThan(0);
    expect(err).toContain(said);
    expect((await json('batch', 'list')).items).toEqual([]);
  });

  test.each([
    [['--set', 'effort'], '"effort" is not of the form name=value,value'],
    [['--set', 'a=1', '--set', 'a=2'], 'a is given twice'],
    [['--set', 'a=1,'], '--set: a: a value is missing'],
    [['--set', 'a=1,1'], '--set: a: 1 is given twice'],
    [['--modes', 'none,always'], '"always" is none of none, preferred, required'],
  ])('refuses %j', async (options, said) => {
    const { exitCode, err } = await compare('Greeting@v1', ...model, ...options);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(said)]);
  });

  test('runs each row for each locale and mode', async () => {
    const { total } = await json(
      'compare',
      first,
      ...model,
      ...inputs,
      '--locales',
      'DE,FR',
      '--modes',
      'none,preferred',
    );
    expect(total).toBe(8);
  });

  test('leaves out a column whose pin does not hold, and says how to mend it', async () => {
    await prompter(['versions', 'pin', first, 'gpt-4o-2024-05-13', '--target', 'practice-openai:gpt-4o']);
    const left = await compare('Greeting@v1', 'Greeting@v2', ...model);
    expect(left.exitCode).toBe(3);
    expect(left.err).toContain(
      'Left out: practice-openai:gpt-4o. "Greeting · v1" is pinned to gpt-4o-2024-05-13',
    );
    const commands = [...left.err.matchAll(/^ {2}prompter (versions .*)$/gm)].map(
      ([, command = '']) => command,
    );
    expect(commands).toEqual([
      `versions pin ${first} gpt-4o-2024-08-06 --target practice-openai:gpt-4o`,
      `versions unpin ${first} --target practice-openai:gpt-4o`,
    ]);
    expect((await compare('Greeting@v1', ...model)).exitCode).toBe(3);
    await prompter(commands[0]?.split(' ') ?? []);
    expect((await compare('Greeting@v1', 'Greeting@v2', ...model)).exitCode).toBe(0);
  });
});

test('sets are every combination, in order', () => {
  expect(setsOf(['a=1,2', 'b=x,y'])).toEqual([
    { a: 1, b: 'x' },
    { a: 1, b: 'y' },
    { a: 2, b: 'x' },
    { a: 2, b: 'y' },
  ]);
  expect(setsOf([])).toEqual([{}]);
});
