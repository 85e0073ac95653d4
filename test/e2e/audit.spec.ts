import { join } from 'node:path';
import Database from 'better-sqlite3';
import { runCli } from '../support/cli';
import {
  accessibilityProblems,
  accessibilityProblemsInBothThemes,
  expect,
  pressSequence,
  test,
  type App,
} from './app.fixture';

async function fill(app: App): Promise<string> {
  const created = await app.api('POST', '/v1/templates', {
    name: 'Greeting',
    user_prompt_template: 'Greet {{ name }}',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
  });
  const { template_id } = created.body as { template_id: string };
  await app.api('POST', `/v1/templates/${template_id}/run`, { variables: { name: 'Ada' } });
  return template_id;
}

test('the log is verified to its end, and then to the first entry that was changed', async ({
  app,
  page,
}) => {
  const templateId = await fill(app);
  await pressSequence(page, ['g', 'u']);
  await expect(page.getByRole('grid', { name: 'Audit entries' })).toBeVisible();
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: /\d+ entries verified to / })).toBeVisible();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);

  const db = new Database(join(app.home, 'prompter.db'));
  db.exec('DROP TRIGGER templates_update_guard');
  db.prepare(`UPDATE templates SET name = 'Another' WHERE template_id = ?`).run(templateId);
  db.close();
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  const broken = page.getByRole('alert');
  await expect(broken).toContainText(`the template ${templateId} was changed.`);
  await broken.getByRole('button', { name: /^Open entry/ }).click();
  await expect(page.getByText('Changed since it was logged')).toBeVisible();
  await page.getByRole('button', { name: 'Prove' }).click();
  await expect(page.getByText(/No checkpoint covers this entry yet|Is in the signed tree/)).toBeVisible();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: 'Audit entry' })).toHaveCount(0);
});

test('filters are in the address, and lead to everything about one object', async ({ app, page }) => {
  const templateId = await fill(app);
  await page.goto(`${app.url}/#/audit`);
  const grid = page.getByRole('grid', { name: 'Audit entries' });
  const rows = grid.getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  // Of the list, not of what is drawn of it so far.
  const all = (await grid.getAttribute('aria-rowcount')) ?? '';
  expect(Number(all)).toBeGreaterThan(2);
  await page.getByRole('combobox', { name: 'Event' }).click();
  await page.getByRole('option', { name: 'Template created' }).click();
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/kind=template/);
  await rows.nth(1).click();
  await page.getByRole('button', { name: 'All entries about this object' }).click();
  await expect(page).toHaveURL(new RegExp(`object=${templateId}`));
  await page.reload();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', all);
});

test('an export made on screen is verified without the app', async ({ app, page }) => {
  await fill(app);
  await page.goto(`${app.url}/#/audit`);
  await page.getByRole('button', { name: /^Export/ }).click();
  await expect(page.getByText('every prompt and every answer as the provider sent it')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  const files: Record<string, string> = {};
  page.on('download', (download) => {
    files[download.suggestedFilename()] = join(app.home, download.suggestedFilename());
    void download.saveAs(join(app.home, download.suggestedFilename()));
  });
  await page.getByRole('button', { name: 'Write the files' }).click();
  await expect.poll(() => Object.keys(files).toSorted()).toEqual(['prompter-audit.jsonl', 'verify_audit.py']);
  const path = files['prompter-audit.jsonl'] ?? '';
  await expect
    .poll(
      async () =>
        (await runCli(['audit', 'verify', path], { PROMPTER_HOME: join(app.home, 'other') })).stdout,
    )
    .toMatch(/^\d+ entries verified/);
});

test('where the store cannot be read, the screen says so and offers to try again', async ({ app, page }) => {
  await fill(app);
  await page.route('**/audit/**', (route) => route.abort());
  await page.goto(`${app.url}/#/audit`);
  await expect(page.getByRole('heading', { name: 'The audit log could not be loaded' })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
});
