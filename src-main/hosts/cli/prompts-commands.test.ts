import { expect, test } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { prompter, file } = commandLine();

/** Two versions of one prompt, production on the first. */
async function twoVersions(): Promise<{ first: string; second: string }> {
  const create = async (text: string, parent?: string): Promise<string> => {
    const path = file(
      `${text.length}.json`,
      JSON.stringify({
        name: 'greeting',
        user_prompt_template: text,
        model_id: 'gpt-4o',
        provider: 'practice-openai',
        ...(parent !== undefined && { parent_template_id: parent, message: 'kinder' }),
      }),
    );
    const { out } = await prompter(['templates', 'create', path, '--json']);
    return (JSON.parse(out) as { template_id: string }).template_id;
  };
  const first = await create('Greet {{ name }}');
  const second = await create('Greet {{ name }} kindly', first);
  await prompter(['templates', 'label', first, 'production']);
  return { first, second };
}

test('a prompt is listed, fetched by name and label, compared, renamed', async () => {
  const { first, second } = await twoVersions();
  const listed = await prompter(['prompts', 'list', '--label', 'production']);
  expect(listed.out).toMatch(/greeting\s+v2\s+production v1\s/);
  expect(listed.out).toContain('1 of 1');
  const history = await prompter(['prompts', 'history', 'greeting']);
  expect(history.out).toMatch(/v2\s+v1\s+\S+\s+kinder[^]*v1\s+–/);

  const got = await prompter(['get', 'greeting']);
  expect(JSON.parse(got.out)).toMatchObject({ template_id: first, label: 'production' });
  expect(await prompter(['get', 'greeting', '--label', 'staging'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('It has production'),
  });
  for (const [name, id] of [
    ['greeting', second],
    ['greeting@production', first],
    ['greeting@v1', first],
    [second, second],
  ] as const) {
    const shown = await prompter(['templates', 'get', name, '--json']);
    expect(JSON.parse(shown.out)).toMatchObject({ template_id: id });
  }

  const diff = await prompter(['prompts', 'diff', 'greeting@production', second]);
  expect(diff.out).toContain('greeting · v1 → greeting · v2');
  expect(diff.out).toContain('Greet {{ name }}{+ kindly+}');

  expect(await prompter(['prompts', 'rename', 'greeting', 'Hello there'])).toMatchObject({
    exitCode: 0,
    out: 'It is called "Hello there" now\n',
  });
  expect(JSON.parse((await prompter(['get', 'Hello there'])).out)).toMatchObject({ template_id: first });
  expect(await prompter(['get', 'greeting'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('prompter prompts list'),
  });
});

test('an inactive prompt is refused with exit code 3 until it is active again', async () => {
  const { first } = await twoVersions();
  const run = () => prompter(['run', first, '--var', 'name=Ada']);
  expect((await prompter(['prompts', 'deactivate', 'greeting', '--by', 'Ada'])).exitCode).toBe(0);
  for (const refused of [await run(), await prompter(['get', 'greeting'])]) {
    expect(refused).toMatchObject({ exitCode: 3, err: expect.stringContaining('is inactive') });
  }
  expect((await prompter(['prompts', 'list'])).out).not.toContain('greeting');
  expect((await prompter(['prompts', 'list', '--inactive'])).out).toMatch(/greeting[^\n]*inactive/);
  expect((await prompter(['prompts', 'history', 'greeting'])).exitCode).toBe(0);
  expect((await prompter(['prompts', 'activate', 'greeting'])).out).toBe('"greeting" is active now\n');
  expect((await run()).exitCode).toBe(0);
});

test('an option of the program after a command is no question for the program', async () => {
  const { exitCode, out, err } = await prompter(['get', 'Greeting', '--version', '1']);
  expect([exitCode, out]).toEqual([2, '']);
  expect(err).toContain("unknown option '--version'");
});
