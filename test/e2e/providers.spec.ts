import { expect, test } from './app.fixture';

test('a connection is refused with every reason at once, then added, tested and given another key', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/providers?connection=new`);
  const dialog = page.getByRole('dialog', { name: 'Add connection' });
  // One click, although the focus leaves a field that is wrong.
  await dialog.getByRole('button', { name: 'Add connection' }).click();
  await expect(dialog.getByText('Choose a provider.')).toBeVisible();
  await expect(dialog.getByText('Give it a name.')).toBeVisible();

  await dialog.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'OpenAI', exact: true }).click();
  await expect(dialog.getByLabel('Name')).toHaveValue('openai');
  await dialog.getByLabel('Name').fill('nobody listens');
  await dialog.getByLabel('Base URL').fill('127.0.0.1');
  await dialog.getByLabel('Key', { exact: true }).fill('first-key');
  await dialog.getByRole('button', { name: 'Add connection' }).click();
  await expect(dialog.getByText(/must be an http\(s\) URL/)).toBeVisible();
  await dialog.getByLabel('Base URL').fill('http://127.0.0.1:9/v1');
  await dialog.getByRole('button', { name: 'Add connection' }).click();

  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'nobody listens' })).toBeVisible();
  // It is tested by itself, and says what happened.
  await expect(page.getByText(/the connection was refused/).first()).toBeVisible();
  await expect(page.getByText('Server not reached')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Last test failed/ })).toBeVisible();

  const replace = page.getByRole('button', { name: 'Replace key' });
  await replace.click();
  await page.getByRole('dialog').getByLabel('New key').fill('second-key');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The key of nobody listens was replaced.')).toBeVisible();
  // Focus is back where the dialog was opened from.
  await expect(replace).toBeFocused();
  expect(await page.content()).not.toMatch(/first-key|second-key/);

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('heading', { name: 'nobody listens' })).toHaveCount(0);
});

test('a connection that lacks the key it needs asks for one', async ({ app, page }) => {
  const { status } = await app.api('POST', '/v1/connections', {
    provider: 'openai',
    name: 'bare',
    base_url: 'http://127.0.0.1:9/v1',
  });
  expect(status).toBe(201);
  await page.goto(`${app.url}/#/providers`);
  await page.getByRole('button', { name: /bare/ }).click();
  await page.getByRole('button', { name: 'Add key' }).click();
  await page
    .getByRole('dialog', { name: 'A key for bare' })
    .getByLabel('Key', { exact: true })
    .fill('the-key');
  await page.keyboard.press('Enter');
  await expect(page.getByText('bare has a key.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Replace key' })).toBeFocused();
});

test('a provider that is not connected leads to its connection', async ({ page, app }) => {
  await page.goto(`${app.url}/#/providers`);
  await page.getByRole('button', { name: /Anthropic.*Connect/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Add connection' });
  await expect(dialog.getByRole('combobox', { name: 'Provider' })).toHaveValue('Anthropic');
  await expect(dialog.getByLabel('Name')).toHaveValue('anthropic');
});
