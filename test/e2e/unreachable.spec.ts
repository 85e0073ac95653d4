import { accessibilityProblems, expect, test } from './app.fixture';
import { TEMPLATE } from './commands-data';

test('a screen whose code cannot be fetched says so, and opens once it can be', async ({ page }) => {
  let held = true;
  await page.route(/\/assets\/(audit|sync|settings)-/, (route) => (held ? route.abort() : route.continue()));
  for (const [link, title] of [
    ['Audit', 'Audit'],
    ['Settings', 'Settings'],
  ] as const) {
    held = true;
    await page.getByRole('navigation').getByRole('link', { name: link }).click();
    await expect(page.getByRole('heading', { name: 'This screen could not be loaded' })).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
    held = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }
});

test('a change that no answer came to is not said to have been left undone', async ({ app, page }) => {
  await app.api('POST', '/v1/templates', TEMPLATE);
  await page.route(/\/rpc\/(sync\/setConnection|batches\/create|templates\/archive)/, (route) =>
    route.abort(),
  );
  const inDoubt = page.getByRole('alert').filter({ hasText: 'The outcome is unknown' });

  await page.goto(`${app.url}/#/sync?connect=true`);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Host').fill('127.0.0.1');
  await dialog.getByLabel('Database').fill('team');
  await dialog.getByLabel('User').fill('ada');
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(inDoubt).toContainText('Check before you retry.');
  await expect(dialog.getByText('Nothing was changed')).toHaveCount(0);
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.goto(`${app.url}/#/templates`);
  await expect(page.getByRole('row').filter({ hasText: TEMPLATE.name })).toBeVisible();
  await page.keyboard.press('e');
  await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
  await expect(inDoubt).toBeVisible();
});

test('a queue that cannot be read says so in a box of its own size', async ({ app, page }) => {
  await page.route(/\/rpc\/review\/(list|groups)/, (route) => route.abort());
  await page.goto(`${app.url}/#/review`);
  const alert = page.getByRole('alert').filter({ hasText: 'The queue could not be loaded' });
  await expect(alert).toBeVisible();
  const { width = 0, height = 0 } = (await alert.boundingBox()) ?? {};
  expect(width).toBeGreaterThan(height);
});

test('figures that cannot be read again stay, and are said to be old', async ({ app, page }) => {
  const { body } = await app.api('POST', '/v1/templates', TEMPLATE);
  const { template_id } = body as { template_id: string };
  await app.api('POST', `/v1/templates/${template_id}/run`, {});
  await page.goto(`${app.url}/#/analytics?practice=true`);
  const figures = page.getByRole('group', { name: 'Breakdown, table' });
  await expect(figures).toBeVisible();
  await page.route('**/rpc/insight/**', (route) => route.abort());
  // Another run asks for the figures again.
  await app.api('POST', `/v1/templates/${template_id}/run`, {});
  const alert = page.getByRole('alert').filter({ hasText: 'These figures may be out of date' });
  await expect(alert).toBeVisible();
  await expect(figures).toBeVisible();
  await page.unroute('**/rpc/insight/**');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toHaveCount(0);
});
