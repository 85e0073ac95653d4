import { expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import { insightQuerySchema, latencyQuerySchema } from '../../src-shared/domain';
import type { Core } from '../ports';

const OFF = { PROMPTER_EXECUTION_LOG_DISABLED: 'true' };
const everything = insightQuerySchema.parse({});
const questions = (insight: Core['insight']): (() => unknown)[] => [
  () => insight.costs(everything),
  () => insight.errors(everything),
  () => insight.tokens(everything),
  () => insight.latency(latencyQuerySchema.parse({})),
  () => insight.storage({ ...everything, group_by: 'day' }),
];

it('without statistics runs, answers and spend are kept and no question is answered; with them again, all are', async () => {
  const made = await practiceCore();
  const { template_id } = newTemplate(made.core, { provider: 'openai', model_id: 'gpt-4o-mini' });
  // A key of this session alone is gone with the core that it was given to.
  const run = async (core: Core, name: string) => {
    const { connection_id } = await core.connections.create({
      org_id: 'default',
      name,
      provider: 'openai',
      base_url: `${made.url}/openai/v1`,
      secret: 'sk-practice',
    });
    return (await core.runs.start({ template_id, connection_id, variables: { word: 'hello' } })).run;
  };
  await run(made.core, 'before');
  const { month_spend_usd: spent } = await made.core.system.status();
  expect(spent).not.toBe('0');

  const off = await made.reopen(OFF);
  const { run_id } = await run(off, 'without');
  expect(off.runs.get({ run_id })).toMatchObject({ status: 'succeeded' });
  expect(off.runs.raw({ run_id }).bytes.byteLength).toBeGreaterThan(0);
  for (const ask of questions(off.insight))
    expect(ask).toThrow(expect.objectContaining({ code: 'STATISTICS_OFF' }));
  expect(off.insight.lifetime()).toBeNull();
  expect(await off.system.status()).toMatchObject({ statistics_enabled: false, runs: 2 });
  const { month_spend_usd } = await off.system.status();
  expect(Number(month_spend_usd)).toBeGreaterThan(Number(spent));

  const on = await made.reopen({});
  for (const ask of questions(on.insight)) expect(ask).not.toThrow();
  expect(on.insight.costs(everything).totals).toMatchObject({ runs: 2, cost_usd: month_spend_usd });
  expect(on.insight.storage({ ...everything, group_by: 'day' }).totals).toMatchObject({ answers: 2 });
  expect(await on.system.status()).toMatchObject({ statistics_enabled: true, month_spend_usd });
});
