import { expect, test } from './app.fixture';
import { TEMPLATE } from './commands-data';

test('a command of another screen goes there and does it', async ({ page }) => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('>verify audit');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/audit/);
  await expect(page.getByText(/entries hold|entry holds|is intact|verified/i).first()).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('>set budget');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/analytics/);
  await expect(page.getByRole('dialog', { name: /budget/i })).toBeVisible();
});

test('what was used last is offered first, then what fits the screen', async ({ app, page }) => {
  const { body } = await app.api('POST', '/v1/templates', TEMPLATE);
  const { template_id } = body as { template_id: string };
  await app.api('POST', '/v1/templates', {
    ...TEMPLATE,
    name: 'Another',
    user_prompt_template: 'Say hello.',
  });
  await page.goto(`${app.url}/#/templates/${template_id}`);
  await expect(page.getByText('Frozen: typing starts a draft')).toBeVisible();
  await page.goto(`${app.url}/#/audit`);
  await expect(page.getByRole('button', { name: 'Verify' })).toBeVisible();

  await page.keyboard.press('Control+k');
  const options = page.getByRole('option');
  await expect(options.first()).toContainText('Greeting');
  await expect(options.nth(1)).toContainText('Verify audit log');
  // A screen is named once, by its command, and after everything that can be done.
  const titles = await options.allInnerTexts();
  expect(titles.filter((title) => title.startsWith('Go to'))).toEqual([]);
  expect(titles.findIndex((title) => title.includes('Go to Runs'))).toBeGreaterThan(
    titles.findIndex((title) => title.includes('New template')),
  );
});
