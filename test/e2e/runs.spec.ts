import { accessibilityProblems, expect, test, type App } from './app.fixture';
import { TEMPLATE } from './commands-data';

async function run(app: App, name: string, model_id: string): Promise<void> {
  const { body } = await app.api('POST', '/v1/templates', { ...TEMPLATE, name, model_id });
  const { template_id } = body as { template_id: string };
  await app.api('POST', `/v1/templates/${template_id}/run`, {});
}

test('runs are narrowed by model, template, cost, day and failure; a view keeps the filters', async ({
  app,
  page,
}) => {
  await run(app, 'Large', 'gpt-4o');
  await run(app, 'Small', 'gpt-4o-mini');
  await run(app, 'Refused', 'gpt-4o@status=400');
  await page.goto(`${app.url}/#/runs`);
  const bodyRows = page.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
  await expect(bodyRows).toHaveCount(3);

  // How the id begins, in any case.
  await page.getByLabel('Filter by model').fill('GPT-4o-m');
  await expect(bodyRows).toHaveCount(1);
  await page.getByLabel('Filter by model').fill('');
  await expect(bodyRows).toHaveCount(3);

  // What is not understood lists nothing: the whole list would look like an answer to it.
  await page.getByLabel('Lowest cost in USD').fill('0.5x');
  await expect(page.getByRole('alert')).toContainText(
    'Lowest cost is “0.5x”. Enter an amount in USD, such as 0.05.',
  );
  await expect(bodyRows).toHaveCount(0);
  await page.getByLabel('Lowest cost in USD').fill('0.00005');
  await expect(bodyRows).toHaveCount(1);
  await expect(bodyRows).toContainText('Large');
  await expect(page).toHaveURL(/min_cost/);
  await page.getByRole('button', { name: 'Clear filters' }).click();

  await page.getByRole('combobox', { name: 'Filter by template' }).click();
  await page.getByRole('option', { name: 'Small' }).click();
  await expect(bodyRows).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByLabel('From day').fill('2100-01-01');
  await expect(page.getByText('No run matches these filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();

  await page.getByRole('combobox', { name: 'Filter by failure' }).click();
  await page.getByRole('option', { name: 'Request refused' }).click();
  await expect(bodyRows).toHaveCount(1);
  await expect(bodyRows).toContainText('Refused');

  await page.getByRole('button', { name: 'Saved views…' }).click();
  await page.keyboard.type('Refusals');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(bodyRows).toHaveCount(3);
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.reload();
  await page.getByRole('combobox', { name: 'View', exact: true }).click();
  await page.getByRole('option', { name: 'Refusals' }).click();
  await expect(bodyRows).toHaveCount(1);
  await expect(page).toHaveURL(/failure=invalid_request/);
  await page.getByRole('button', { name: 'Saved views…' }).click();
  await page.getByRole('button', { name: 'Remove Refusals' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox', { name: 'View', exact: true })).toHaveCount(0);
});

test('a search of words finds runs by name, prompt and output, and stays in the address', async ({
  app,
  page,
}) => {
  await run(app, 'Zürcher Anfragen', 'gpt-4o');
  await run(app, 'Other', 'gpt-4o-mini');
  await page.goto(`${app.url}/#/runs`);
  const bodyRows = page.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
  await expect(bodyRows).toHaveCount(2);
  await page.keyboard.press('f');
  await page.keyboard.type('zurcher');
  await expect(bodyRows).toHaveCount(1);
  await expect(bodyRows).toContainText('Zürcher Anfragen');
  await expect(page).toHaveURL(/q=zurcher/);
  await page.reload();
  await expect(page.getByLabel('Search runs')).toHaveValue('zurcher');
  await expect(bodyRows).toHaveCount(1);
  await page.getByLabel('Search runs').fill('greet city');
  await expect(bodyRows).toHaveCount(2);
});

test('filters of the address that mean nothing are named and can be removed; until then nothing is listed', async ({
  app,
  page,
}) => {
  await run(app, 'Large', 'gpt-4o');
  const bodyRows = page.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
  const wrong = {
    status: ['done', 'Status'],
    failure: ['7', 'Failure'],
    from: ['2024', 'From'],
    to: ['yesterday', 'To'],
    max_cost: ['-1', 'Highest cost'],
    simulated: ['maybe', 'Practice runs'],
    counted: ['all', 'Counted'],
    modle: ['gpt', 'modle'],
  } as const;
  const query = Object.entries(wrong).map(([name, [value]]) => `${name}=${value}`);
  await page.goto(`${app.url}/#/runs?${query.join('&')}`);
  await expect(page.getByText('8 filters are invalid, so nothing is listed')).toBeVisible();
  for (const [value, label] of Object.values(wrong))
    await expect(page.getByRole('alert').getByText(`${label} is “${value}”.`)).toBeVisible();
  await expect(bodyRows).toHaveCount(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  for (const [, label] of Object.values(wrong)) {
    await expect(bodyRows).toHaveCount(0);
    await page.getByRole('button', { name: `Remove ${label.toLowerCase()}` }).click();
  }
  await expect(bodyRows).toHaveCount(1);
});
