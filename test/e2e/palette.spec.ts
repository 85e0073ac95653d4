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
    user_prompt_template: 'Say hello and greet.',
  });
  await page.goto(`${app.url}/#/templates/${template_id}`);
  await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
  await page.goto(`${app.url}/#/audit`);
  await expect(page.getByRole('button', { name: 'Verify' })).toBeVisible();

  // What is called like the words comes before what only says them, though that is newer.
  await page.keyboard.press('Control+k');
  const options = page.getByRole('option');
  await expect(page.getByRole('combobox', { name: 'Search templates, runs and commands' })).toBeFocused();
  await page.keyboard.type('@greet');
  await expect(options).toHaveCount(2);
  await expect(options.first()).toContainText('Greeting');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+k');
  await expect(options.first()).toContainText('Greeting');
  await expect(options.nth(1)).toContainText('Verify audit log');
  // A screen is named once, by its command, and after everything that can be done.
  const titles = await options.allInnerTexts();
  expect(titles.filter((title) => title.startsWith('Go to'))).toEqual([]);
  expect(titles.findIndex((title) => title.includes('Go to Runs'))).toBeGreaterThan(
    titles.findIndex((title) => title.includes('New template')),
  );
});

test('all runs are found by words of their output and by how their id begins; no earlier answer overtakes', async ({
  app,
  page,
}) => {
  const { body } = await app.api('POST', '/v1/templates', {
    ...TEMPLATE,
    user_prompt_template: 'Say {{ word }}.',
  });
  const { template_id } = body as { template_id: string };
  const run = async (word: string): Promise<string> => {
    const answer = await app.api('POST', `/v1/templates/${template_id}/run`, { variables: { word } });
    return (answer.body as { run_id: string }).run_id;
  };
  const walnut = await run('walnut');
  const granite = await run('granite');
  // More than are offered of the latest.
  for (let count = 0; count < 8; count += 1) await run('hello');
  await page.goto(`${app.url}/#/runs`);
  await expect(page.getByRole('row').nth(1)).toBeVisible();

  await page.keyboard.press('Control+k');
  const runs = page.getByRole('option').filter({ hasText: 'Run' });
  const search = page.getByRole('combobox', { name: 'Search templates, runs and commands' });
  await expect(search).toBeFocused();
  await page.keyboard.type('walnut');
  await expect(runs).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`run=${walnut}`));

  await page.keyboard.press('Control+k');
  await expect(search).toBeFocused();
  await page.keyboard.type(granite);
  // Enter before the answer means what comes.
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`run=${granite}`));

  const held = Promise.withResolvers<void>();
  const overtaking = Promise.withResolvers<void>();
  await page.route('**/runs/list**', async (route) => {
    const isOld = `${route.request().url()}${route.request().postData() ?? ''}`.includes('hello');
    if (isOld) await held.promise;
    // A request that nobody waits for any more may be gone.
    await route.continue().catch(() => undefined);
    if (isOld) overtaking.resolve();
  });
  await page.keyboard.press('Control+k');
  const asked = page.waitForRequest((request) =>
    `${request.url()}${request.postData() ?? ''}`.includes('hello'),
  );
  await expect(search).toBeFocused();
  await page.keyboard.type('#hello');
  await asked;
  await expect(page.getByText('Searching…')).toBeVisible();
  await search.fill('#walnut');
  await expect(runs).toHaveCount(1);
  held.resolve();
  await overtaking.promise;
  await expect(runs).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`run=${walnut}`));
});
