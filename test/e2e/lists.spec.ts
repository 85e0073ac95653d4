import { accessibilityProblems, expect, test, type App } from './app.fixture';
import { TEMPLATE } from './commands-data';

async function templateOf(app: App, name: string, model_id = 'gpt-4o'): Promise<string> {
  const { body } = await app.api('POST', '/v1/templates', {
    name,
    provider: 'practice-openai',
    model_id,
    user_prompt_template: `Greet ${name} in one sentence.`,
  });
  return (body as { template_id: string }).template_id;
}

/** Starts so many runs, one after the other: the last one is the newest. */
async function runsOf(app: App, templateId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { body } = await app.api('POST', `/v1/templates/${templateId}/run`, {});
    ids.push((body as { run_id: string }).run_id);
  }
  return ids;
}

test('a filter keeps its focus and every letter while the list follows the typing', async ({ app, page }) => {
  await runsOf(app, await templateOf(app, 'Refund'), 1);
  for (const [path, name] of [
    ['audit', 'Object id'],
    ['audit', 'Actor'],
    ['runs', 'Filter by model'],
    ['templates', 'Search templates'],
  ] as const) {
    await page.goto(`${app.url}/#/${path}`);
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    const field = page.getByLabel(name, { exact: true });
    await field.pressSequentially('zz');
    // The list has followed: what is typed now comes after its answer.
    await expect(page.getByRole('button', { name: 'Clear filters' }).first()).toBeVisible();
    await expect(field).toBeFocused();
    await page.keyboard.type('y');
    await expect(field).toHaveValue('zzy');
    await expect(page).toHaveURL(/=zzy/);
  }
});

test('a filter shows what the address says, also when that changes elsewhere', async ({ app, page }) => {
  await runsOf(app, await templateOf(app, 'Refund'), 1);
  await page.goto(`${app.url}/#/runs?model=nobody`);
  const model = page.getByLabel('Filter by model');
  await expect(model).toHaveValue('nobody');
  await expect(page.getByText('No run matches these filters')).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
  await expect(model).toHaveValue('');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.goBack();
  await expect(model).toHaveValue('nobody');
});

test('what an address asks for in vain is named and can be removed; until then nothing is listed', async ({
  app,
  page,
}) => {
  await app.api('POST', '/v1/templates', TEMPLATE);
  for (const [address, heading, wrong] of [
    [
      'audit?kind=none&form=2026-11-30',
      'Audit',
      ['kind is “none”. It must be one of', 'form is “2026-11-30”.'],
    ],
    ['templates?archived=perhaps', 'Templates', ['archived is “perhaps”. It must be true or false.']],
  ] as const) {
    await page.goto(`${app.url}/#/${address}`);
    const alert = page.getByRole('alert').filter({ hasText: 'The address is invalid, so nothing is shown' });
    for (const words of wrong) await expect(alert).toContainText(words);
    await expect(page.getByRole('row')).toHaveCount(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const words of wrong)
      await alert.getByRole('button', { name: `Remove ${words.split(' ')[0]}` }).click();
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page.getByRole('row').nth(1)).toBeVisible();
  }
});

test('runs that come in above do not put another one under the cursor', async ({ app, page }) => {
  const templateId = await templateOf(app, 'Refund');
  await runsOf(app, templateId, 2);
  await runsOf(app, await templateOf(app, 'Mini', 'gpt-4o-mini'), 1);
  await page.goto(`${app.url}/#/runs`);
  const rows = page.getByRole('grid', { name: 'Runs' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  // From the newest to the one before it, and back: now it is chosen.
  await page.keyboard.press('j');
  await expect(rows.nth(2)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('k');
  await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true');
  await runsOf(app, templateId, 2);
  await expect(rows).toHaveCount(6);
  await expect(rows.nth(3)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Run' })).toContainText('gpt-4o-mini');
});

test('a run that is open by its address is the row that keys go on from', async ({ app, page }) => {
  const [first, second] = await runsOf(app, await templateOf(app, 'Refund'), 3);
  await page.goto(`${app.url}/#/runs?run=${second}`);
  const rows = page.getByRole('grid', { name: 'Runs' }).getByRole('row');
  await expect(rows.nth(2)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('j');
  await expect(page).toHaveURL(new RegExp(`run=${first}`));
  const panel = page.getByRole('complementary', { name: 'Run' });
  await expect(panel.getByRole('link', { name: 'Refund · v1', exact: true })).toBeVisible();
  await page.reload();
  await expect(rows.nth(3)).toHaveAttribute('aria-selected', 'true');
});

test('a page that cannot be read leaves the rows above it, and is asked for again on demand', async ({
  app,
  page,
}) => {
  test.slow();
  const templateId = await templateOf(app, 'Refund');
  const { body } = await app.api('POST', `/v1/templates/${templateId}/batch-run`, {
    targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }],
    inputs: [{}],
    replicates: 100,
  });
  const { batch_id } = body as { batch_id: string };
  await expect
    .poll(async () => ((await app.api('GET', `/v1/batches/${batch_id}`)).body as { status: string }).status)
    .toBe('completed');
  let refused = 0;
  // The second page of the audit log: it has a cursor.
  await page.route('**/audit/list**', async (route) => {
    const asked = `${route.request().url()} ${route.request().postData() ?? ''}`;
    if (!asked.includes('cursor')) return route.continue();
    refused += 1;
    return route.fulfill({ status: 500, contentType: 'application/json', body: '{}' });
  });
  await page.goto(`${app.url}/#/audit`);
  const grid = page.getByRole('grid', { name: 'Audit entries' });
  await expect(grid.getByRole('row').nth(1)).toBeVisible();
  await grid.focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('alert')).toContainText('The audit log could not be loaded');
  await expect(grid.getByRole('row').nth(1)).toBeVisible();
  // Moving in what is there asks for nothing, however often.
  const before = refused;
  for (let time = 0; time < 5; time += 1) await page.keyboard.press('PageUp');
  await page.keyboard.press('End');
  expect(refused).toBe(before);

  await page.unroute('**/audit/list**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText(/^[2-4]\d\d\+? entries$/)).toBeVisible();
});

test('a name that is written from the right is cut at its end', async ({ app, page }) => {
  const name = 'ملخص مراجعات العملاء باللغة العربية مع أسماء طويلة جدا';
  await runsOf(app, await templateOf(app, name), 1);
  await page.goto(`${app.url}/#/runs`);
  await expect(page.getByRole('gridcell').getByText(name)).toHaveCSS('direction', 'rtl');
});
