import { expect, test } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { prompter, file } = commandLine();

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const template = (): string =>
  file(
    'strict.json',
    JSON.stringify({
      name: 'Strict',
      user_prompt_template: 'Answer in JSON',
      model_id: 'gpt-4o@invalidjson',
      provider: 'practice-openai',
      response_schema: SCHEMA,
    }),
  );
const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

test('an answer that is not the JSON asked for waits, is shown, corrected once, and counted', async () => {
  const ran = await prompter(['run', template(), '--json']);
  const { run_id } = parsed(ran.out) as { run_id: string };
  const listed = await prompter(['review', 'list']);
  expect(listed.exitCode).toBe(0);
  expect(listed.out).toContain(run_id);
  expect(listed.out).toContain('1 open · 0 accepted · 0 corrected · 0 dismissed');

  const shown = await prompter(['review', 'show', run_id]);
  expect(shown.out).toMatch(/: open\n[^]*not valid JSON[^]*Output:\n/);
  expect(parsed((await prompter(['review', 'show', run_id, '--json'])).out)).toMatchObject({ state: 'open' });

  expect(await prompter(['review', 'accept', run_id])).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining('nothing to accept') as string,
  });
  expect(await prompter(['review', 'dismiss', run_id])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('reason: say why') as string,
  });
  expect(await prompter(['review', 'correct', run_id])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('--file: is required') as string,
  });
  expect(await prompter(['review', 'correct', run_id, '--file', file('bad.json', '{"a":1}')])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('corrected_json/a: must be string') as string,
  });
  expect(
    await prompter(['review', 'correct', run_id, '--file', file('latin1.json', new Uint8Array([0xe4]))]),
  ).toMatchObject({ exitCode: 2 });

  const good = file('good.json', '{"a":"✓"}');
  const corrected = await prompter(['review', 'correct', run_id, '--file', good, '--by', 'Ada', '--json']);
  expect(corrected.exitCode).toBe(0);
  const review = parsed(corrected.out) as { review_id: string };
  expect(review).toMatchObject({ action: 'correct', corrected_text: '{"a":"✓"}', reviewed_by: 'Ada' });

  const late = await prompter(['review', 'dismiss', run_id, '--reason', 'too late']);
  expect([late.exitCode, late.err]).toEqual([3, expect.stringContaining('correct by Ada')]);
  const replaced = ['review', 'dismiss', run_id, '--reason', 'after all', '--replaces', review.review_id];
  expect((await prompter(replaced)).out).toContain('dismissed');
  expect((await prompter(['review', 'list'])).out).toContain(
    '0 open · 0 accepted · 0 corrected · 1 dismissed',
  );
  expect((await prompter(['runs', 'reparse', run_id])).out).toContain(
    'failed (output_invalid), parse method: none, attempt 2\n  nothing changed\n',
  );
  expect(await prompter(['runs', 'rebuild', '--dry-run'])).toMatchObject({
    exitCode: 0,
    out: '1 checked · 0 would change · 0 could not be parsed\n',
  });
  expect(parsed((await prompter(['runs', 'rebuild', '--json'])).out)).toMatchObject({
    dry_run: false,
    looked_at: 1,
    changed: 0,
    changes: [],
  });
  expect(await prompter(['runs', 'rebuild', '--from', 'yesterday'])).toMatchObject({ exitCode: 2 });
  expect(await prompter(['runs', 'rebuild', '--template', 'none'])).toMatchObject({ exitCode: 1 });
  expect((await prompter(['audit', 'verify'])).exitCode).toBe(0);
});

test('a run that nobody knows is no success', async () => {
  for (const words of [
    ['review', 'show'],
    ['review', 'accept'],
    ['runs', 'reparse'],
  ])
    expect(await prompter([...words, 'none'])).toMatchObject({ exitCode: 1 });
});

test('answers with the same problem are decided at once, and the decision shows wherever the run does', async () => {
  const strict = template();
  for (let time = 0; time < 2; time += 1) await prompter(['run', strict, '--json']);
  const listed = await prompter(['review', 'groups', '--json']);
  const { items } = parsed(listed.out) as { items: { group_id: string; count: number; problem: string }[] };
  const group = items.find(({ count }) => count === 2) ?? { group_id: '' };
  expect((await prompter(['review', 'groups'])).out).toMatch(/2 .*Strict .*Not JSON/);

  const accepted = await prompter(['review', 'accept-group', group.group_id]);
  expect(accepted).toMatchObject({
    exitCode: 1,
    out: expect.stringMatching(/^0 of 2 accepted\n .*nothing to accept/) as string,
  });
  expect(await prompter(['review', 'dismiss-group', group.group_id])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('reason: say why') as string,
  });
  const dismissed = await prompter([
    'review',
    'dismiss-group',
    group.group_id,
    '--reason',
    'off topic',
    '--by',
    'Ada',
  ]);
  expect(dismissed).toMatchObject({ exitCode: 0, out: '2 of 2 dismissed\n' });
  expect(await prompter(['review', 'dismiss-group', group.group_id, '--reason', 'again'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('group') as string,
  });
  expect((await prompter(['runs', 'list'])).out.match(/failed +dismissed/g)?.length).toBeGreaterThanOrEqual(
    2,
  );
});
