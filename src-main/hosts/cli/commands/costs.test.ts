import { expect, test } from 'vitest';
import * as z from 'zod';
import { commandLine } from '../../../../test/support/program';

const { file, prompter } = commandLine();
const template = file(
  'greet.yaml',
  'name: Greeting\nmodel_id: gpt-4o\nuser_prompt_template: Greet {{ name }}\n',
);
const rows = file('rows.csv', 'name\nAda\nGrace\n');
const answerSchema = z.object({
  rows: z.array(z.object({ key: z.string(), runs: z.number(), cost_usd: z.string().nullable() })),
  totals: z.object({ runs: z.number(), unpriced: z.number(), p95_ms: z.number().nullable() }),
});

test('what a comparison cost, by model; practice runs are never counted as spend', async () => {
  const targets = 'practice-openai:gpt-4o,practice-openai:nobody-knows-its-price';
  const compared = await prompter(['compare', template, '--targets', targets, '--inputs', rows, '--json']);
  expect(compared.exitCode).toBe(0);

  const spent = await prompter(['costs', '--by', 'model', '--json']);
  expect(answerSchema.parse(JSON.parse(spent.out))).toMatchObject({ rows: [], totals: { runs: 0 } });

  const practice = await prompter(['costs', '--by', 'model', '--practice', '--json']);
  const answer = answerSchema.parse(JSON.parse(practice.out));
  expect(answer.rows.map(({ key, runs }) => [key, runs])).toEqual([
    ['gpt-4o', 2],
    ['nobody-knows-its-price', 2],
  ]);
  expect(answer.rows[0]?.cost_usd).toMatch(/^0\.\d+$/);
  // Unknown is not $0, and four answers have no P95.
  expect(answer.rows[1]?.cost_usd).toBe(null);
  expect(answer.totals).toMatchObject({ runs: 4, unpriced: 2, p95_ms: null });

  const text = (await prompter(['costs', '--by', 'model', '--practice'])).out;
  expect(text).toMatch(/nobody-knows-its-price +2 +100\.0 % +unpriced +2/);
  expect(text).toMatch(/total +4/);
});
