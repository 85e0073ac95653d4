import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, runCommand, test, type App } from './app.fixture';
import { tabTo, write } from './typing';

const current = (page: Page) => page.getByText('Answer to the text on screen.', { exact: true });
const stale = (page: Page) => page.getByText(/Answer to another text/);

/** The text on screen has been answered; it can be run again. */
async function ended(page: Page): Promise<void> {
  await expect(current(page)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0);
}

interface Listed {
  readonly items: readonly { readonly template_id: string; readonly template_trial: boolean }[];
}

async function runsIn(app: App): Promise<Listed['items']> {
  return ((await app.api('GET', '/v1/runs')).body as Listed).items;
}

test('a prompt is written, run, changed and run again without freezing, then frozen as version 1: by keyboard alone', async ({
  app,
  page,
}) => {
  await page.keyboard.press('n');
  await write(page, { name: 'Refund mail', text: 'Answer in one sentence: where is my order?' });
  await page.keyboard.press('Control+Enter');
  await ended(page);

  for (const more of [' Be friendly.', ' Offer a refund.']) {
    await page.keyboard.insertText(more);
    // The answer stays, and says that the text has moved on.
    await expect(stale(page)).toBeVisible();
    await page.keyboard.press('Control+Enter');
    await ended(page);
  }
  await expect(page.getByRole('heading', { name: 'Runs of drafts' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Restore this text' })).toHaveCount(3);
  expect(await accessibilityProblems(page)).toEqual([]);

  // Nothing is frozen: no list has a template, and each run is one of a draft.
  expect((await app.api('GET', '/v1/templates')).body).toMatchObject({ items: [], total: 0 });
  const trials = await runsIn(app);
  expect(trials.map((run) => run.template_trial)).toEqual([true, true, true]);

  await page.keyboard.press('Control+s');
  await expect(page.getByText('Refund mail · v1 is frozen.')).toBeVisible();
  await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
  const { items } = (await app.api('GET', '/v1/templates')).body as {
    items: { template_id: string; prompt_id: string; version_number: number }[];
  };
  expect(items).toMatchObject([{ version_number: 1, prompt_id: trials.at(-1)?.template_id }]);
  // The version shows what its text answered as a draft, and the drafts before it: each run once.
  await expect(current(page)).toBeVisible();
  const ofVersion = page
    .getByRole('region')
    .or(page.locator('section'))
    .filter({ hasText: 'Runs of v1' })
    .last();
  await expect(ofVersion.getByRole('listitem')).toHaveCount(1);
  await expect(ofVersion).toContainText('1 as a draft');
  await expect(page.getByRole('button', { name: 'Restore this text' })).toHaveCount(2);
  // What is typed now is a draft: the runs are still those of the version that it started from.
  await page.getByRole('textbox', { name: 'User' }).click();
  await page.keyboard.insertText('Now. ');
  await expect(page.getByRole('button', { name: 'Discard' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Runs of v1' })).toBeVisible();
});

test('an earlier text is brought back from its run, and the text before it as well', async ({ page }) => {
  await page.keyboard.press('n');
  await write(page, { name: 'Greeting', text: 'Say hello.' });
  await page.keyboard.press('Control+Enter');
  await ended(page);
  await page.keyboard.insertText(' Twice.');
  await expect(stale(page)).toBeVisible();
  await page.getByRole('button', { name: 'What changed' }).click();
  await expect(
    page.getByRole('dialog', { name: 'Diff against Greeting · trial' }).getByText('Twice.'),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Restore this text' }).first().click();
  const user = page.locator('.cm-content').nth(1);
  await expect(user).toHaveText('Say hello.');
  await expect(current(page)).toBeVisible();
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(user).toHaveText('Say hello. Twice.');
});

test('a draft that was never run outlives two earlier texts in a row, a reload, and what is typed since', async ({
  page,
}) => {
  await page.keyboard.press('n');
  await write(page, { name: 'Greeting', text: 'Say hello.' });
  await page.keyboard.press('Control+Enter');
  await ended(page);
  await page.keyboard.insertText(' Twice.');
  await page.keyboard.press('Control+Enter');
  await ended(page);
  await page.keyboard.insertText(' Never run.');
  await expect(stale(page)).toBeVisible();

  const user = page.locator('.cm-content').nth(1);
  const ofDrafts = page.locator('section').filter({ hasText: 'Runs of drafts' }).last();
  await ofDrafts.getByRole('button', { name: 'Restore this text' }).first().click();
  await expect(user).toHaveText('Say hello. Twice.');
  await ofDrafts.getByRole('button', { name: 'Restore this text' }).last().click();
  await expect(user).toHaveText('Say hello.');
  await user.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' Loudly.');
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('Loudly.');
  await page.reload();
  await expect(user).toHaveText('Say hello. Loudly.');
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(user).toHaveText('Say hello. Twice. Never run.');
  // And back: nothing was lost on the way.
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(user).toHaveText('Say hello. Loudly.');
});

test('a draft that nobody froze outlives a restart: its window reconnects at the same address and signs in by the new link', async ({
  app,
  page,
}) => {
  await page.keyboard.press('n');
  await write(page, { name: 'Refund mail', text: 'Answer in one sentence.' });
  await expect
    .poll(() =>
      page.evaluate(() =>
        Object.keys(localStorage).some((key) => localStorage.getItem(key)?.includes('one sentence')),
      ),
    )
    .toBe(true);
  await app.kill();
  await expect(page.getByText('Disconnected, reconnecting')).toBeVisible();

  const link = await app.restart();
  const field = page.getByLabel('Link or token');
  await expect(field).toBeFocused();
  await expect(page.getByText(/Drafts are kept in this browser/)).toBeVisible();
  await field.fill(link);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /Refund mail/ }).click();
  await expect(page.getByRole('textbox', { name: 'User', exact: true })).toContainText(
    'Answer in one sentence.',
  );
});

test('a run that is turned away says which attempt follows and when, is no failure meanwhile, and can be stopped', async ({
  app,
  page,
}) => {
  await page.keyboard.press('n');
  await write(page, { name: 'Busy', text: 'Say hello.' });
  await page.keyboard.press('Control+4');
  await page.getByRole('combobox', { name: 'Model' }).last().fill('gpt-4o@status=429,retry_after=9');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Attempt 2 of at most 4 in \d s\./)).toBeVisible();
  await expect(page.getByText('Rate limited.').first()).toBeVisible();
  await expect(page.getByText('Running the text on screen.')).toBeVisible();
  const ofDrafts = page.locator('section').filter({ hasText: 'Runs of drafts' }).last();
  await expect(ofDrafts.getByText('Queued')).toBeVisible();
  await expect(page.getByText('Failed', { exact: true })).toHaveCount(0);

  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await expect(page.getByText(/Stopped before attempt \d/)).toBeVisible();
  await expect(ofDrafts.getByText('Failed')).toBeVisible();
  await expect(current(page)).toHaveCount(0);
  await ofDrafts.getByRole('button', { name: /Failed/ }).click();
  // There is no answer, and no cost that would need explaining.
  await expect(page.getByText('No answer to the text on screen.')).toBeVisible();
  await expect(page.getByText('not billed')).toBeVisible();
  await expect(page.getByText(/does not say/)).toHaveCount(0);
  expect(await runsIn(app)).toHaveLength(1);

  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Attempt 2 of at most 4 in \d s\./)).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('a run goes on through a reload, and its answer is there', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Reloaded');
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'Practice (OpenAI)' }).click();
  await page.getByRole('combobox', { name: 'Model' }).first().fill('gpt-4o@latency=2000');
  await page.getByRole('textbox', { name: 'User' }).click();
  await page.keyboard.insertText('Say hello.');
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await runsIn(app)).length).toBe(1);
  await page.reload();
  await page.getByRole('tab', { name: 'Run' }).click();
  await ended(page);
  expect((await app.api('GET', '/v1/runs')).body).toMatchObject({ items: [{ status: 'succeeded' }] });
});

test('several drafts are open at once: new, switch, close and reopen by keys; they survive a reload', async ({
  page,
  context,
  app,
}) => {
  const tabs = page.getByRole('navigation', { name: 'Open drafts' });
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await page.keyboard.press('n');
  await expect(name).toBeFocused();
  await page.keyboard.type('First');
  await runCommand(page, 'New template');
  await expect(name).toHaveValue('');
  await page.keyboard.type('Second');
  await expect(tabs.getByRole('link')).toHaveText(['First', 'Second']);

  await page.keyboard.press('F9');
  await expect(name).toHaveValue('First');
  await page.keyboard.press('Shift+F9');
  await expect(name).toHaveValue('Second');

  await page.reload();
  await expect(tabs.getByRole('link')).toHaveText(['First', 'Second']);
  await expect(name).toHaveValue('Second');

  await page.keyboard.press('Control+F9');
  await expect(name).toHaveValue('First');
  await expect(tabs.getByRole('link')).toHaveText(['First']);
  await page.keyboard.press('Control+Shift+F9');
  await expect(name).toHaveValue('Second');
  await expect(tabs.getByRole('link')).toHaveCount(2);
  expect(await accessibilityProblems(page)).toEqual([]);

  // As after a crash of the browser: another tab finds both.
  const other = await context.newPage();
  await page.close();
  await other.goto(`${app.url}/#/templates/new`);
  await expect(other.getByRole('navigation', { name: 'Open drafts' }).getByRole('link')).toHaveText([
    'First',
    'Second',
  ]);
});

test('a run goes on while another draft is edited; one that is stopped can be started again', async ({
  page,
}) => {
  await page.keyboard.press('n');
  await write(page, { name: 'Slow', text: 'Take your time.' });
  await tabTo(page, 'User');
  await page.keyboard.press('Control+4');
  await page.getByRole('combobox', { name: 'Model' }).last().fill('gpt-4o@slowstream=4000');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByLabel('Streamed output')).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(page.getByText(/Stopped by you\. The provider may bill/)).toBeVisible();

  await page.getByRole('combobox', { name: 'Model' }).last().fill('gpt-4o@slowstream=200');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByLabel('Streamed output')).not.toHaveText('');
  await runCommand(page, 'New template');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('');
  await page.keyboard.type('Meanwhile');
  await page.keyboard.press('F9');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Slow');
  await page.keyboard.press('Control+4');
  await expect(current(page)).toBeVisible();
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible();
});

test('what cannot be a template is said at its field, and nothing is stored', async ({ app, page }) => {
  await page.keyboard.press('n');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Choose a model.', { exact: true }).first()).toBeVisible();
  expect(await runsIn(app)).toEqual([]);
});

test('a draft that cannot be kept any more stays open, and says why', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Large');
  await page.getByRole('textbox', { name: 'User' }).click();
  await page.keyboard.insertText('x'.repeat(10_000));
  await page.evaluate(() => {
    for (let size = 1_000_000, index = 0; size >= 1; index += 1) {
      try {
        localStorage.setItem(`filler ${index}`, 'x'.repeat(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  });
  await page.keyboard.press('Control+F9');
  await expect(page.getByText('This browser has no space left for the draft.').first()).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Large');
});
