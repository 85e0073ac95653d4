import type { Page } from '@playwright/test';
import { startPostgres, type PostgresServer } from '../support/team/postgres-server';
import { startToxicProxy } from '../support/team/toxic-proxy';
import {
  accessibilityProblems,
  accessibilityProblemsInBothThemes,
  expect,
  pressSequence,
  test,
  type App,
} from './app.fixture';

const UNENCRYPTED = 'I accept that everything is sent unencrypted.';

let postgres: PostgresServer;
test.beforeAll(async () => {
  postgres = await startPostgres();
});
test.afterAll(() => postgres.stop());

async function addSample(app: App): Promise<void> {
  const { body } = await app.api('POST', '/v1/sample');
  const { template_ids, samples } = body as { template_ids: string[]; samples: { inputs: unknown[] }[] };
  await app.api('POST', `/v1/templates/${template_ids[0] ?? ''}/run`, { variables: samples[0]?.inputs[0] });
}

/** The dialog, filled in as a person does it. */
async function fillIn(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(values)) {
    await dialog.getByLabel(label, { exact: true }).fill(value);
  }
}

test('a team is set up, pushed to, paused and turned off', async ({ app, page }) => {
  test.slow();
  await addSample(app);
  const admin = await postgres.createDatabase();
  const status = page.getByRole('contentinfo', { name: 'Status' });
  await expect(status.getByText('Saved locally')).toBeVisible();
  await pressSequence(page, ['g', 'y']);
  await expect(page.getByRole('heading', { name: 'Off: everything stays on this machine' })).toBeVisible();
  await page.keyboard.press('u');

  const dialog = page.getByRole('dialog', { name: 'Connect a team database' });
  await dialog.getByText('Set up as administrator').click();
  await dialog.getByRole('button', { name: 'Set up' }).click();
  await expect(dialog.getByText('Enter the host.')).toBeVisible();
  await fillIn(page, {
    Host: admin.host,
    Port: String(admin.port),
    Database: admin.database,
    User: admin.user,
    Password: 'not the one',
  });
  // Unencrypted is a sentence, not a click.
  await dialog.getByRole('combobox', { name: 'Connection' }).click();
  await page.getByRole('option', { name: 'Not encrypted' }).click();
  await dialog.getByRole('button', { name: 'Set up' }).click();
  await expect(dialog.getByText('Type the sentence exactly as shown above.')).toBeVisible();
  await dialog.getByLabel(`To continue, type: ${UNENCRYPTED}`).fill(UNENCRYPTED);
  await dialog.getByRole('button', { name: 'Set up' }).click();
  await expect(dialog.getByText('Nothing was changed')).toBeVisible();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);

  await fillIn(page, { Password: admin.password });
  await dialog.getByRole('button', { name: 'Set up' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(status.getByText('Synced')).toBeVisible();
  const counts = page.getByRole('table', { name: 'Records here and in the team database' });
  const runs = counts.getByRole('row', { name: /^Runs/ });
  await expect(runs.getByRole('cell')).toHaveText(['1', '1', 'none']);
  await expect(counts.getByText('only here')).toHaveCount(0);
  expect(await page.content()).not.toContain(admin.password);
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);

  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByText('Rights as expected: done')).toBeVisible();

  await page.getByRole('button', { name: 'Pause' }).click();
  await addSample(app);
  await expect(status.getByText(/^\d+ waiting$/)).toBeVisible();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(status.getByText('Synced')).toBeVisible();
  await expect(runs.getByRole('cell')).toHaveText(['2', '2', 'none']);

  await page.getByRole('button', { name: 'Turn off…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await expect(status.getByText('Saved locally')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Off: everything stays on this machine' })).toBeVisible();
});

test('a server that is gone leaves everything saved here, and is found again when it is back', async ({
  app,
  page,
}) => {
  test.slow();
  const admin = await postgres.createDatabase();
  const line = await startToxicProxy(admin);
  const made = await app.api('POST', '/v1/sync/init', {
    host: admin.host,
    port: line.port,
    database: admin.database,
    user: admin.user,
    password: admin.password,
    tls: 'off',
    tls_acknowledgement: UNENCRYPTED,
  });
  expect(made.status).toBe(200);
  line.cut();
  await addSample(app);
  await page.goto(`${app.url}/#/sync`);
  await expect(page.getByText('Nothing can be pushed at the moment')).toBeVisible();
  await expect(page.getByText(/Everything is safe in the store on this machine/)).toBeVisible();
  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByText('Server reached: failed')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);

  line.mend();
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByRole('contentinfo', { name: 'Status' }).getByText('Synced')).toBeVisible();
  await expect(page.getByText('Nothing can be pushed at the moment')).toHaveCount(0);
  await line.close();
});
