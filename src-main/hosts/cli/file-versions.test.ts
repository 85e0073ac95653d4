import { expect, test } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { prompter, file } = commandLine();
const json = async (...args: string[]) => JSON.parse((await prompter([...args, '--json'])).out);

let files = 0;
/** A file of the prompt "Loop" that says this. */
function loop(text: string, more: object = {}): string {
  const template = {
    name: 'Loop',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: text,
    ...more,
  };
  return file(`loop-${++files}.json`, JSON.stringify(template));
}
const create = (path: string, ...more: string[]) => prompter(['templates', 'create', path, ...more]);
const prompts = async (...more: string[]) => (await json('prompts', 'list', ...more)).items;

test('an edited file is the next version of the prompt that has its name', async () => {
  const first = await json('templates', 'create', loop('one'));
  await prompter(['templates', 'label', 'Loop@v1', 'production']);
  expect(await create(loop('two'))).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^Created "Loop · v2": /),
  });
  expect(await prompter(['run', loop('three')])).toMatchObject({
    exitCode: 0,
    err: expect.stringMatching(/^Created template "Loop · v3": /),
  });
  const rows = file('rows.csv', 'x\n1\n');
  const compared = await prompter([
    'compare',
    loop('four'),
    '--targets',
    'practice-openai:gpt-4o',
    '--inputs',
    rows,
  ]);
  expect(compared.err).toContain('Created template "Loop · v4": ');

  expect(await prompts()).toMatchObject([{ prompt_id: first.prompt_id, versions: 4 }]);
  expect(await json('get', 'Loop')).toMatchObject({ template_id: first.template_id });
  expect((await prompter(['prompts', 'history', 'Loop'])).out).toMatch(/v4\s+v3\s[^]*v3\s+v2\s[^]*v2\s+v1\s/);
});

test('the name is the one in force, in the workspace of the file', async () => {
  await create(loop('one'));
  await prompter(['prompts', 'rename', 'Loop', 'Round']);
  expect((await create(loop('two'))).out).toContain('Created "Loop · v1"');
  expect((await create(loop('three', { name: 'Round' }))).out).toContain('Created "Round · v2"');
  expect((await create(loop('four', { workspace_id: 'elsewhere' }))).out).toContain('Created "Loop · v1"');
});

test('a parent that the file names is kept, and a trial is no version', async () => {
  const { template_id } = await json('templates', 'create', loop('one'));
  await create(loop('two'));
  const child = await json('templates', 'create', loop('three', { parent_template_id: template_id }));
  expect(child).toMatchObject({ parent_template_id: template_id, version_number: 3 });
  const fork = loop('four', { parent_template_id: template_id, fork: true, name: 'Fork' });
  expect((await create(fork)).out).toContain('Created "Fork · v1"');
  expect(await json('templates', 'create', loop('five', { trial: true }))).toMatchObject({
    parent_template_id: null,
    version_number: null,
  });
});

test('a prompt of its own is forced; then the name alone does not say which', async () => {
  const first = await json('templates', 'create', loop('one'));
  const second = await json('templates', 'create', loop('two'), '--new-prompt');
  expect(second).toMatchObject({ parent_template_id: null, version_number: 1 });

  for (const refused of [await create(loop('three')), await prompter(['run', loop('four')])]) {
    expect(refused).toMatchObject({ exitCode: 2, out: '' });
    for (const said of [
      `2 prompts are called "Loop" (${first.prompt_id}, ${second.prompt_id})`,
      'parent_template_id',
      '--new-prompt',
    ])
      expect(refused.err).toContain(said);
  }
  expect(await prompts()).toMatchObject([{ versions: 1 }, { versions: 1 }]);
  // What is stored already needs no choice.
  expect(await prompter(['run', loop('one')])).toMatchObject({ exitCode: 0 });

  const child = loop('five', { parent_template_id: second.template_id });
  expect(await create(child, '--new-prompt')).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('names a parent_template_id'),
  });
});

test('an inactive prompt gets no next version', async () => {
  const { prompt_id } = await json('templates', 'create', loop('one'));
  await prompter(['prompts', 'deactivate', 'Loop']);
  expect(await create(loop('two'))).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining(`the prompt "Loop" (${prompt_id}) is inactive`),
  });
  expect(await prompts('--inactive')).toMatchObject([{ versions: 1 }]);
  await prompter(['prompts', 'activate', 'Loop']);
  expect((await create(loop('two'))).out).toContain('Created "Loop · v2"');
});

test('a repeated key returns the version that it created', async () => {
  await create(loop('one'));
  const repeated = async () => json('templates', 'create', loop('two'), '--idempotency-key', 'k1');
  const made = await repeated();
  expect(await repeated()).toEqual(made);
  await create(loop('three'));
  expect(await repeated()).toEqual(made);
});

test('a configuration that is there under another name is called by that', async () => {
  const { template_id } = await json('templates', 'create', loop('one', { name: 'Refund triage' }));
  const { err } = await prompter(['run', loop('one')]);
  expect(err).toContain(
    `This configuration already exists; using "Refund triage · v1": ${template_id}. The name in the file, "Loop", is not used.`,
  );
  const same = await prompter(['run', loop('one', { name: 'Refund triage' })]);
  expect(same.err).toContain(`using "Refund triage · v1": ${template_id}.\n`);
});
