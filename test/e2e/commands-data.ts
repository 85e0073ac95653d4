import { expect, type App } from './app.fixture';
import { fillReviewQueue } from './waiting-answers';

/** What the commands are tried on. */
export interface Data {
  readonly templateId: string;
  /** Has ended, with failures and an unknown outcome. */
  readonly batchId: string;
  /** A finished comparison that asks each input twice. */
  readonly repeatedId: string;
  /** A comparison whose second model answers as another version than its template is pinned to. */
  readonly leftOutId: string;
  readonly runId: string;
  /** Is pinned to a version. */
  readonly pinnedId: string;
  /** Starts a comparison that takes its time. */
  slowBatch(): Promise<string>;
}

export const TEMPLATE = {
  name: 'Greeting',
  provider: 'practice-openai',
  model_id: 'gpt-4o',
  user_prompt_template: 'Greet the city in one sentence.',
};
/** A team database that does not answer: pushing fails at once, and everything else works. */
export const NOBODY_THERE = {
  host: '127.0.0.1',
  port: 1,
  database: 'team',
  user: 'ada',
  password: 'not-a-password',
};
const CITY = { ...TEMPLATE, name: 'City', user_prompt_template: 'Greet {{ city }} in one sentence.' };

/** Templates, runs, a comparison, a pin and answers that wait for review. */
export async function fill(app: App): Promise<Data> {
  const { body: first } = await app.api('POST', '/v1/templates', TEMPLATE);
  const { body: city } = await app.api('POST', '/v1/templates', CITY);
  const { template_id: templateId } = first as { template_id: string };
  const { template_id: cityId } = city as { template_id: string };
  const trial = { user_prompt_template: 'Greet the city in two sentences.', trial: true };
  await app.api('POST', '/v1/templates', { ...TEMPLATE, ...trial, parent_template_id: templateId });
  const { body: pinned } = await app.api('POST', '/v1/templates', {
    ...TEMPLATE,
    name: 'Pinned',
    provider: 'practice-google',
  });
  const { template_id: pinnedId } = pinned as { template_id: string };
  await app.api('POST', `/v1/templates/${pinnedId}/pin`, {
    provider_version_key: 'gemini-1',
    note: 'For the audit',
  });
  const { body: held } = await app.api('POST', '/v1/templates', {
    ...TEMPLATE,
    user_prompt_template: 'Greet a held city.',
    name: 'Held',
  });
  const { template_id: heldId } = held as { template_id: string };
  await app.api('POST', `/v1/templates/${heldId}/pin`, {
    provider: 'practice-openai',
    model_id: 'gpt-4o-mini',
    provider_version_key: 'the one before',
  });
  const { body: partly } = await app.api('POST', `/v1/templates/${heldId}/batch-run`, {
    targets: ['gpt-4o', 'gpt-4o-mini'].map((model_id) => ({ provider: 'practice-openai', model_id })),
    inputs: [{}],
  });
  const { batch_id: leftOutId } = partly as { batch_id: string };
  // Accepting and correcting take one each, by palette and by key.
  await fillReviewQueue(app, 8);
  const start = async (
    models: readonly string[],
    cities: readonly string[],
    replicates = 1,
  ): Promise<string> => {
    const { body } = await app.api('POST', `/v1/templates/${cityId}/batch-run`, {
      targets: models.map((model_id) => ({ provider: 'practice-openai', model_id })),
      inputs: cities.map((name) => ({ city: name })),
      concurrency: 4,
      replicates,
    });
    return (body as { batch_id: string }).batch_id;
  };
  const batchId = await start(
    ['gpt-4o', 'gpt-4o-mini', 'gpt-4o@status=400', 'gpt-4o@reset'],
    ['Bremen', 'Hof'],
  );
  const repeatedId = await start(['gpt-4o'], ['Bremen', 'Hof'], 2);
  for (const id of [batchId, repeatedId])
    await expect
      .poll(async () => ((await app.api('GET', `/v1/batches/${id}`)).body as { status: string }).status)
      .toBe('completed');
  await app.api('POST', '/v1/connections', { provider: 'openai', name: 'mine', secret: 'not-a-key' });
  const { body: run } = await app.api('POST', `/v1/templates/${templateId}/run`, {});
  return {
    templateId,
    batchId,
    repeatedId,
    leftOutId,
    pinnedId,
    runId: (run as { run_id: string }).run_id,
    // Long enough that a slow machine still finds it running, short enough not to be waited for.
    slowBatch: () =>
      start(
        ['gpt-4o@latency=2000'],
        Array.from({ length: 24 }, (_, index) => `City ${index}`),
      ),
  };
}
