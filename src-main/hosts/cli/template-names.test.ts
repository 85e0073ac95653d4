import { beforeEach, expect, test } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { prompter, file } = commandLine();
const json = async (...args: string[]) => JSON.parse((await prompter([...args, '--json'])).out);

let first: string;
let second: string;

/** Two versions of a prompt that was renamed after the first, and a run of each. */
beforeEach(async () => {
  const create = async (text: string, parent?: string): Promise<string> => {
    const template = {
      name: 'greeting',
      user_prompt_template: text,
      model_id: 'gpt-4o',
      provider: 'practice-openai',
      parent_template_id: parent,
    };
    return (await json('templates', 'create', file(`${text.length}.json`, JSON.stringify(template))))
      .template_id;
  };
  first = await create('Greet {{ name }}');
  await prompter(['prompts', 'rename', 'greeting', 'Hello there']);
  second = await create('Greet {{ name }} kindly', first);
});

test('lists show the prompt’s name and which version, and are searched by both', async () => {
  for (const id of [first, second]) await prompter(['run', id, '--var', 'name=Ada']);
  const listed = await prompter(['templates', 'list', '--query', 'hello there']);
  expect(listed.out).toMatch(/template\s+name\s+version\s+model/);
  expect(listed.out).toMatch(new RegExp(`${second}\\s+Hello there\\s+v2\\s`));
  expect(listed.out).toMatch(new RegExp(`${first}\\s+Hello there\\s+v1\\s`));
  expect((await prompter(['templates', 'list', '--query', 'hello v2'])).out).toContain('1 of 1');
  expect((await prompter(['templates', 'list', '--query', 'greeting'])).out).toContain('(none)');

  const runs = await prompter(['runs', 'list', '--query', 'hello']);
  expect(runs.out).toMatch(/Hello there · v2[^]*Hello there · v1/);
  expect((await prompter(['prompts', 'diff', first, second])).out).toContain(
    'Hello there · v1 → Hello there · v2',
  );
});

test('every command that takes a template takes a name with a version or label', async () => {
  expect((await prompter(['templates', 'label', 'Hello there@v1', 'production'])).out).toContain(first);
  expect(await json('templates', 'get', 'Hello there@production')).toMatchObject({ template_id: first });
  const render = ['templates', 'render', 'Hello there@v2', '--var', 'name=Ada'];
  expect((await prompter(render)).out).toContain('Greet Ada kindly');
  expect((await prompter(['run', 'Hello there@production', '--var', 'name=Ada'])).exitCode).toBe(0);
  expect((await json('runs', 'list', '--template', 'Hello there@v1')).items).toHaveLength(1);
  expect((await json('runs', 'list', '--template', 'Hello there@v2')).items).toEqual([]);
  expect((await json('versions', 'list', 'Hello there@production')).items).toHaveLength(1);
  for (const command of [
    ['runs', 'rebuild', '--dry-run'],
    ['review', 'list'],
    ['batch', 'list'],
    ['versions', 'drift'],
  ]) {
    expect(await prompter([...command, '--template', 'Hello there@v2'])).toMatchObject({ exitCode: 0 });
    expect(await prompter([...command, '--template', 'nobody'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('No prompt is called "nobody"'),
    });
  }
  expect(await prompter(['templates', 'label', 'Hello there@v1', 'production', '--remove'])).toMatchObject({
    exitCode: 0,
  });
  const archived = await prompter(['templates', 'archive', 'Hello there@v2']);
  expect(archived.out).toBe(`Archived "Hello there · v2": ${second}\n`);
});
