import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessibilityProblems, expect, runCommand, test } from './app.fixture';

test('a backup is made from the settings and from the palette, and listed', async ({ app, page }) => {
  await page.goto(`${app.url}/#/settings`);
  const section = page.getByRole('region', { name: 'Backups' });
  await expect(section.getByText(/None yet/)).toBeVisible();
  await section.getByRole('button', { name: 'Back up now' }).click();
  await expect(section.getByText('Done and verified.')).toBeVisible();
  await expect(section.getByRole('row').filter({ hasText: 'manual' })).toHaveCount(1);
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.goto(`${app.url}/#/templates`);
  await runCommand(page, 'Back up now');
  await expect(page.getByText(/Backed up and verified: /)).toBeVisible();
  await page.goto(`${app.url}/#/settings`);
  await expect(section.getByRole('row').filter({ hasText: 'manual' })).toHaveCount(2);
  expect(readdirSync(join(app.home, 'backups')).filter((name) => name.endsWith('-manual.db'))).toHaveLength(
    2,
  );
});

test('a backup that cannot be made says why, and what is safe', async ({ app, page }) => {
  // Where the folder should be is a file.
  writeFileSync(join(app.home, 'backups'), '');
  await page.goto(`${app.url}/#/settings`);
  const section = page.getByRole('region', { name: 'Backups' });
  await section.getByRole('button', { name: 'Back up now' }).click();
  await expect(section.getByRole('alert').getByText('The store was not backed up')).toBeVisible();
  await expect(section.getByText('The store and its other backups are unchanged.')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
});

test.describe('after an unclean exit', () => {
  const home = mkdtempSync(join(tmpdir(), 'prompter-e2e-crashed-'));
  test.use({ environment: { PROMPTER_HOME: home } });
  test.beforeAll(() => writeFileSync(join(home, 'owner.json'), '{}'));
  test.afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('the app says that the store was checked and is whole, once', async ({ app, page }) => {
    const banner = page.getByText(/did not close properly last time.*is intact/);
    await expect(banner).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(banner).toHaveCount(0);
    await page.goto(`${app.url}/#/settings`);
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
    await expect(banner).toHaveCount(0);
  });
});
