import { expect, test, type App } from './app.fixture';

async function create(app: App, more: object): Promise<string> {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Greeting',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Greet {{ city }}.',
    ...more,
  });
  return (body as { template_id: string }).template_id;
}

for (const width of [1440, 900]) {
  test(`however long a name is, its labels are seen (${width} pixels)`, async ({ app, page }) => {
    await page.setViewportSize({ width, height: 800 });
    const name = 'A prompt with a name that goes on and on, as people give them '.repeat(3).trim();
    const id = await create(app, { name, description: 'What it is for.' });
    for (const label of ['production', 'staging', 'canary', 'draft'])
      await app.api('PUT', `/v1/templates/${id}/labels/${label}`, {});
    await page.goto(`${app.url}/#/templates`);
    const row = page.getByRole('row').filter({ hasText: name });
    const cell = await row.getByRole('gridcell').first().boundingBox();
    for (const chip of [row.getByTitle(/is version 1$/).first(), row.getByText('+2', { exact: true })]) {
      const box = await chip.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((cell?.x ?? 0) + (cell?.width ?? 0) + 1);
    }
    const link = await row.getByRole('link').first().boundingBox();
    expect(link?.width ?? 0).toBeGreaterThan(40);
  });
}

test('the history that is opened on a version begins at that version', async ({ app, page }) => {
  const first = await create(app, {});
  await create(app, { user_prompt_template: 'Greet {{ city }} warmly.', parent_template_id: first });
  await page.goto(`${app.url}/#/templates`);
  await expect(page.getByRole('row').filter({ hasText: 'Greeting' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  const versions = page.getByRole('row').filter({ hasText: /^v\d/ });
  await expect(versions).toHaveCount(2);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.locator('[role=row][aria-selected=true]')).toContainText('v1');
  await page.keyboard.press('h');
  await expect(page.getByRole('heading', { name: 'Greeting' })).toBeVisible();
  await expect(page.locator('[role=row][aria-selected=true]')).toContainText('v1');
  await page.keyboard.press('k');
  await expect(page.locator('[role=row][aria-selected=true]')).toContainText('v2');
});
