import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { expect, pressSequence, test, type App } from './app.fixture';
import { TEMPLATE } from './commands-data';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');

interface Seeded {
  readonly connectionId: string;
}

/** Practice runs, and runs of a connection that counts as a real provider and is answered by a practice server. */
async function seed(app: App): Promise<Seeded> {
  const simulator = spawn(process.execPath, [CLI, 'simulate', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const url = await new Promise<string>((done) =>
      createInterface({ input: simulator.stdout }).on('line', (line) => {
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (found) done(found[0]);
      }),
    );
    const created = await app.api('POST', '/v1/connections', {
      provider: 'openai',
      name: 'paid',
      base_url: `${url}/v1`,
      secret: 'practice-key',
    });
    const { connection_id } = created.body as { connection_id: string };
    const template = await app.api('POST', '/v1/templates', {
      name: 'City',
      provider: 'openai',
      model_id: 'gpt-4o',
      user_prompt_template: 'Greet {{ city }} in one sentence.',
    });
    const { template_id } = template.body as { template_id: string };
    await batch(app, template_id, [
      { connection_id, model_id: 'gpt-4o' },
      { connection_id, model_id: 'nobody-knows-its-price' },
    ]);
    await batch(app, template_id, [{ provider: 'practice-openai', model_id: 'gpt-4o-mini' }]);
    return { connectionId: connection_id };
  } finally {
    simulator.kill('SIGTERM');
  }
}

async function batch(app: App, templateId: string, targets: readonly object[]): Promise<void> {
  const started = await app.api('POST', `/v1/templates/${templateId}/batch-run`, {
    targets,
    inputs: ['Bremen', 'Hof', 'Ulm'].map((city) => ({ city })),
  });
  const { batch_id } = started.body as { batch_id: string };
  await expect
    .poll(async () => ((await app.api('GET', `/v1/batches/${batch_id}`)).body as { status: string }).status)
    .toBe('completed');
}

const stat = (page: Page, name: string) => page.getByRole('group', { name, exact: true });

test('figures of real runs, unpriced ones apart, practice never; each number leads to its runs', async ({
  app,
  page,
}) => {
  await seed(app);
  await pressSequence(page, ['g', 'a']);
  await expect(stat(page, 'Spend')).toContainText('6 runs');
  await expect(stat(page, 'Spend')).toContainText('3 unpriced');
  await expect(stat(page, 'Latency P50 / P95')).toContainText('P95 needs 20 runs');
  await expect(stat(page, 'Success')).toContainText('100.0%');
  const breakdown = page.getByRole('group', { name: 'Breakdown, table' });
  await expect(breakdown.getByRole('row')).toHaveCount(3);
  await expect(breakdown.getByRole('row', { name: /nobody-knows-its-price/ })).toContainText('unpriced');
  await expect(breakdown).not.toContainText('gpt-4o-mini');

  await breakdown.getByRole('link', { name: 'gpt-4o', exact: true }).click();
  await expect(page.getByText('3 runs', { exact: true })).toBeVisible();
  await page.goBack();
  await stat(page, 'Spend').getByRole('link', { name: '3 unpriced' }).click();
  await expect(page.getByText('3 runs', { exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: /nobody-knows-its-price/ })).toHaveCount(3);
  await page.goBack();

  await page.getByRole('switch', { name: 'Practice' }).press('Space');
  await expect(stat(page, 'Practice, at list prices')).toContainText('3 runs');
  await expect(breakdown).toContainText('gpt-4o-mini');
});

test('charts are tables and files too, and the breakdown is sorted', async ({ app, page }) => {
  await seed(app);
  await page.goto(`${app.url}/#/analytics?by=model`);
  await expect(page.getByRole('img', { name: /Cost by day .* stacked by model/ })).toBeVisible();
  // One day of thirty has runs: the pictures show that one, and say so.
  await expect(page.getByText(/Nothing ran on the 29 other days of this range/)).toBeVisible();
  const texture = page.locator('pattern path').first();
  await expect(texture).toHaveCSS('display', 'none');
  await page.emulateMedia({ contrast: 'more' });
  await expect(texture).toHaveCSS('display', 'inline');
  await page.getByText('Table', { exact: true }).first().click();
  const table = page.getByRole('group', { name: 'Cost by day and model, table' });
  await expect(table.getByRole('row')).toHaveCount(31);
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Cost by day and model: download as CSV' }).click();
  expect((await file).suggestedFilename()).toMatch(/^costs .* to .*\.csv$/);

  const breakdown = page.getByRole('group', { name: 'Breakdown, table' });
  await breakdown.getByRole('button', { name: 'Model' }).click();
  await expect(breakdown.getByRole('columnheader', { name: 'Model' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  await expect(breakdown.getByRole('rowheader')).toHaveText(['gpt-4o', 'nobody-knows-its-price']);
});

test('a budget is set, warned about in the status bar, and taken away', async ({ app, page }) => {
  await seed(app);
  await page.goto(`${app.url}/#/analytics`);
  await expect(page.getByText('No budget', { exact: true })).toBeVisible();
  await page.keyboard.press('b');
  await page.getByRole('textbox', { name: 'USD a month' }).fill('0.000001');
  await page.getByRole('button', { name: 'Set budget', exact: true }).click();
  await expect(page.getByText('Budget spent', { exact: true })).toBeVisible();
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('of $0.000001 this month');
  await page.getByRole('button', { name: 'Set budget…' }).click();
  await page.getByRole('button', { name: 'Remove budget' }).click();
  await expect(page.getByText('No budget', { exact: true })).toBeVisible();
});

test('each of several workspaces has its budget set where it is listed', async ({ app, page }) => {
  for (const workspace_id of ['north', 'south']) {
    await app.api('POST', '/v1/templates', { ...TEMPLATE, workspace_id });
    await app.api('PUT', '/v1/budgets', { workspace_id, monthly_usd: '10', warn_percent: 80 });
  }
  await page.goto(`${app.url}/#/analytics`);
  await page.getByRole('button', { name: 'Set the budget for south' }).click();
  const dialog = page.getByRole('dialog', { name: 'Monthly budget for south' });
  await dialog.getByLabel('USD a month').fill('25');
  await dialog.getByRole('button', { name: 'Set budget', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('of $25.00')).toHaveCount(1);
  await expect(page.getByText('of $10.00')).toHaveCount(1);
});

test('days in the address are the range; a zone that does not exist is named, and nothing is shown', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/analytics?from=2026-01-01&to=2026-02-01`);
  await expect(page.getByLabel('First day')).toHaveValue('2026-01-01');
  await expect(page.getByLabel('Last day')).toHaveValue('2026-02-01');
  for (const wrong of ['zone=Mars/X', 'from=2026-13-01']) {
    await page.goto(`${app.url}/#/analytics?${wrong}`);
    await expect(page.getByText('The address is invalid, so nothing is shown')).toBeVisible();
  }
});
