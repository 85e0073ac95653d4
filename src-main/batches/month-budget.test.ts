import { expect, it, onTestFinished } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import { startPracticeServer } from '../practice';

/** A core with a connection that counts as a real provider and answers from a practice server. */
async function coreWithRealProvider() {
  const server = await startPracticeServer({});
  onTestFinished(() => server.close());
  const practice = await practiceCore();
  const connection = await practice.core.connections.create({
    org_id: 'default',
    name: 'real',
    provider: 'openai',
    base_url: `${server.url}/v1`,
    secret: 'practice-key',
  });
  const { template_id } = newTemplate(practice.core, { provider: 'openai' });
  return { core: practice.core, template_id, connection_id: connection.connection_id };
}

const DEFAULTS = { replicates: 1, drift_policy: 'record', stream: false } as const;
const inputs = Array.from({ length: 6 }, (_, index) => ({ word: `word ${index}` }));
const workspace = { org_id: 'default', workspace_id: 'default' };

it("a month's budget stops a batch before it is overrun, and says so", async () => {
  const { core, template_id, connection_id } = await coreWithRealProvider();
  const targets = [{ connection_id, model_id: 'gpt-4o' }];
  const { run } = await core.runs.start({
    template_id,
    connection_id,
    model_id: 'gpt-4o',
    variables: { word: 'first' },
  });
  expect(run).toMatchObject({ status: 'succeeded', simulated: false });
  const spent = Number(run.cost_usd);
  expect(spent).toBeGreaterThan(0);

  core.insight.setBudget({ ...workspace, monthly_usd: (spent * 1.1).toFixed(12), warn_percent: 80 });
  expect(core.insight.budgets().items[0]).toMatchObject({ state: 'warn', spent_usd: run.cost_usd });

  const { batch_id } = await core.batches.start({ ...DEFAULTS, template_id, targets, inputs });
  await core.batches.settled(batch_id);
  expect(core.batches.get({ batch_id })).toMatchObject({
    status: 'stopped',
    status_reason: expect.stringContaining('budget for this month'),
    counts: { pending: 6 },
  });

  core.insight.setBudget({ ...workspace, monthly_usd: null, warn_percent: 80 });
  core.batches.resume({ batch_id, retry_unknown: false });
  await core.batches.settled(batch_id);
  expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
});

it('practice runs are no spend: a budget of nothing does not stop them', async () => {
  const { core } = await practiceCore();
  core.insight.setBudget({ ...workspace, monthly_usd: '0', warn_percent: 80 });
  const { template_id } = newTemplate(core);
  const targets = [{ provider: 'practice-openai', model_id: 'gpt-4o' }];
  const { batch_id } = await core.batches.start({ ...DEFAULTS, template_id, targets, inputs });
  await core.batches.settled(batch_id);
  expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
  const { run } = await core.runs.start({ template_id, variables: { word: 'alone' } });
  expect(run.status).toBe('succeeded');
  expect(core.insight.budgets().items[0]).toMatchObject({ spent_usd: '0', state: 'exceeded' });
});

it('a budget of a workspace that does not exist is refused', async () => {
  const { core } = await practiceCore();
  expect(() =>
    core.insight.setBudget({ ...workspace, workspace_id: 'none', monthly_usd: '1', warn_percent: 80 }),
  ).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

it('calls under way count at what they may cost: however many run at once, the budget is not overrun', async () => {
  const { core, template_id, connection_id } = await coreWithRealProvider();
  const targets = [{ connection_id, model_id: 'gpt-4o@latency=50' }];
  const { run } = await core.runs.start({
    template_id,
    connection_id,
    model_id: 'gpt-4o@latency=50',
    variables: { word: 'word 0' },
  });
  const each = Number(run.cost_usd);
  expect(each).toBeGreaterThan(0);
  const limit = each * 5.5;
  core.insight.setBudget({ ...workspace, monthly_usd: limit.toFixed(12), warn_percent: 80 });

  const many = Array.from({ length: 20 }, (_, index) => ({ word: `word ${index % 10}` }));
  const { batch_id } = await core.batches.start({
    ...DEFAULTS,
    template_id,
    targets,
    inputs: many,
    concurrency: 8,
  });
  await core.batches.settled(batch_id);
  const { status, counts } = core.batches.get({ batch_id });
  expect(status).toBe('stopped');
  expect(counts.succeeded).toBeGreaterThan(0);
  const [standing] = core.insight.budgets().items;
  expect(Number(standing?.spent_usd)).toBeLessThanOrEqual(limit);
});

it('a single run that could overrun the budget is refused before anything is sent', async () => {
  const { core, template_id, connection_id } = await coreWithRealProvider();
  const request = { template_id, connection_id, model_id: 'gpt-4o', variables: { word: 'first' } };
  core.insight.setBudget({ ...workspace, monthly_usd: '0.000001', warn_percent: 80 });
  await expect(core.runs.start(request)).rejects.toMatchObject({
    code: 'BUDGET_EXCEEDED',
    data: { left_usd: '0.000001', estimate_usd: expect.stringMatching(/^0\.\d+$/) },
  });
  expect(core.runs.list({ limit: 10 }).items).toEqual([]);
  expect(core.insight.budgets().items[0]).toMatchObject({ spent_usd: '0', unpriced_runs: 0 });

  // Where nothing is left, a call of unknown cost is too much as well, by itself and in a batch.
  core.insight.setBudget({ ...workspace, monthly_usd: '0', warn_percent: 80 });
  const unpriced = { ...request, model_id: 'nobody-knows-its-price' };
  await expect(core.runs.start(unpriced)).rejects.toMatchObject({
    code: 'BUDGET_EXCEEDED',
    data: { left_usd: '0', estimate_usd: null },
  });
  const { batch_id } = await core.batches.start({
    ...DEFAULTS,
    template_id,
    targets: [{ connection_id, model_id: 'nobody-knows-its-price' }],
    inputs,
  });
  await core.batches.settled(batch_id);
  expect(core.batches.get({ batch_id })).toMatchObject({ status: 'stopped', counts: { pending: 6 } });
  expect(core.runs.list({ limit: 10 }).items).toEqual([]);

  core.insight.setBudget({ ...workspace, monthly_usd: '1', warn_percent: 80 });
  expect((await core.runs.start(request)).run.status).toBe('succeeded');
});

it('a budget whose runs are all unpriced counts them, and says so', async () => {
  const { core, template_id, connection_id } = await coreWithRealProvider();
  core.insight.setBudget({ ...workspace, monthly_usd: '1', warn_percent: 80 });
  const { run } = await core.runs.start({
    template_id,
    connection_id,
    model_id: 'nobody-knows-its-price',
    variables: { word: 'first' },
  });
  expect(run).toMatchObject({
    status: 'succeeded',
    cost_usd: null,
    cost_unknown_because: 'The price list has no price for this model from this provider.',
  });
  expect(core.insight.budgets().items[0]).toMatchObject({
    state: 'unknown',
    spent_usd: '0',
    unpriced_runs: 1,
  });
});

it('counts no practice call that is under way against the month', async () => {
  const { core, template_id, connection_id } = await coreWithRealProvider();
  const real = { connection_id, model_id: 'gpt-4o-mini' };
  const { run } = await core.runs.start({ template_id, ...real, variables: { word: 'same' } });
  const each = Number(run.cost_usd);
  expect(each).toBeGreaterThan(0);
  // Two calls more than are made: a call that ends is counted twice for a moment. One call of the practice model is more.
  const budget = each * (1 + inputs.length + 2);
  core.insight.setBudget({ ...workspace, monthly_usd: budget.toFixed(12), warn_percent: 80 });
  const held = { provider: 'practice-anthropic', model_id: 'claude-opus-5-5@latency=300' };
  const { batch_id } = await core.batches.start({
    ...DEFAULTS,
    template_id,
    targets: [held, real],
    inputs: inputs.map(() => ({ word: 'same' })),
  });
  await core.batches.settled(batch_id);
  const batch = core.batches.get({ batch_id });
  expect(batch).toMatchObject({ status: 'completed', counts: { succeeded: 12 } });
  expect(Number(batch.target_totals[0]?.cost_usd)).toBeGreaterThan(budget);
});
