import { accessibilityProblems, expect, test } from './app.fixture';

test('a comparison in which every call failed does not look like a success, on its page and in the list', async ({
  app,
  page,
}) => {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Greeting',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Greet {{ city }}.',
  });
  const { template_id } = body as { template_id: string };
  const start = async (models: readonly string[]): Promise<string> => {
    const started = await app.api('POST', `/v1/templates/${template_id}/batch-run`, {
      targets: models.map((model_id) => ({ provider: 'practice-openai', model_id })),
      inputs: [{ city: 'Oslo' }, { city: 'Bergen' }],
    });
    return (started.body as { batch_id: string }).batch_id;
  };
  const failed = await start(['gpt-4o@status=400']);
  await start(['gpt-4o@status=400', 'gpt-4o']);

  await page.goto(`${app.url}/#/compare/${failed}`);
  await expect(page.getByText('Completed, all failed', { exact: true })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.goto(`${app.url}/#/compare`);
  const rows = page.getByRole('row').filter({ hasText: 'Greeting' });
  await expect(rows.filter({ hasText: 'Completed, all failed' })).toHaveCount(1);
  await expect(
    rows.filter({ hasText: '2 of 4 succeeded' }).getByText('Completed', { exact: true }),
  ).toBeVisible();
  // What tells comparisons of one prompt apart stands beside their name.
  await expect(rows.first()).toContainText('v1 · gpt-4o@status=400, gpt-4o');
  expect(await accessibilityProblems(page)).toEqual([]);
});
