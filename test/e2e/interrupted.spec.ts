import { expect, test, type App } from './app.fixture';

async function template(app: App, more: object): Promise<string> {
  const { body } = await app.api('POST', '/v1/templates', {
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Greet {{ city }}.',
    ...more,
  });
  return (body as { template_id: string }).template_id;
}

test('a comparison whose Prompter dies says that it is not connected, and after the restart tells one story', async ({
  app,
  page,
}) => {
  const template_id = await template(app, { name: 'Greeting' });
  const { body } = await app.api('POST', `/v1/templates/${template_id}/batch-run`, {
    targets: [{ provider: 'practice-openai', model_id: 'gpt-4o@latency=200' }],
    inputs: Array.from({ length: 200 }, (_, index) => ({ city: `City ${index}` })),
    concurrency: 4,
  });
  const path = `/#/compare/${(body as { batch_id: string }).batch_id}`;
  await page.goto(`${app.url}${path}`);
  await expect(page.getByText(/^[1-9]\d* of 200/)).toBeVisible();

  await app.kill();
  await expect(page.getByText('Not connected', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toHaveCount(0);

  await page.goto(await app.restart());
  await expect(page.getByRole('heading').first()).toBeVisible();
  await page.goto(`${app.url}${path}`);
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  // One banner: what happened, what is in doubt, what can be done. How far it came is said above it, once.
  const story = page.getByRole('main').getByRole('status').filter({ hasText: 'unknown' });
  await expect(story).toHaveCount(1);
  await expect(story).toContainText(/^Interrupted.* outcomes? (is|are) unknown and may have been billed\./);
  await expect(page.getByText(/\d+ of 200/)).toHaveCount(1);
  const buttons = page.getByRole('button', { name: /^(Resume|Retry)/ });
  const boxes = await Promise.all((await buttons.all()).map((button) => button.boundingBox()));
  const places = boxes.map((box) => `${box?.x} ${box?.y}`);
  expect(new Set(places).size).toBe(places.length);
});

test('a start that was refused says why until its cause is gone', async ({ app, page }) => {
  const block = await template(app, { name: 'With a block', als: true });
  await template(app, { name: 'Without', user_prompt_template: 'Say hello to {{ city }}.' });
  await page.goto(`${app.url}/#/compare/new?template=${block}`);
  await page.getByRole('textbox', { name: 'city, row 1' }).fill('Oslo');
  await page.getByRole('button', { name: /^Start/ }).click();
  const refusal = page.getByText('The comparison did not start');
  await expect(refusal).toBeVisible();
  await expect(page.getByRole('alert').getByText(/ambient location signal/)).toBeVisible();
  await page.getByRole('combobox', { name: 'Template' }).click();
  await page.getByRole('option', { name: /Without/ }).click();
  await expect(refusal).toHaveCount(0);
});
