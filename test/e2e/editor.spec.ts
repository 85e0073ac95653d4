import type { Page } from '@playwright/test';
import { expect, test } from './app.fixture';

async function type(page: Page, editor: number, text: string): Promise<void> {
  await page.locator('.cm-content').nth(editor).click();
  // Typed as text: the editor's own bracket closing must not change what a person means.
  await page.keyboard.insertText(text);
}

test('a template is written, previewed, frozen, and its twin is refused while it is typed', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Refund mail');
  await type(page, 0, 'You write for {{ brand }}.');
  await type(page, 1, 'Answer this mail: {{ mail }}');
  await page
    .getByRole('combobox', { name: 'Model' })
    .or(page.getByRole('textbox', { name: 'Model' }))
    .first()
    .fill('gpt-4o');

  // Variables are found while one types, and the preview follows their values.
  await page.getByRole('textbox', { name: 'brand' }).fill('AVEA');
  await page.getByRole('textbox', { name: 'mail' }).fill('Where is my order?');
  await expect(page.getByText('You write for AVEA.')).toBeVisible();

  await page.keyboard.press('Control+s');
  await expect(page.getByText(/Frozen/).first()).toBeVisible();
  await expect(page).toHaveURL(/#\/templates\/[0-9a-f-]{36}/);

  // The same text again, under another name.
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Another name');
  await type(page, 0, 'You write for {{ brand }}.');
  await type(page, 1, 'Answer this mail: {{ mail }}');
  await page
    .getByRole('combobox', { name: 'Model' })
    .or(page.getByRole('textbox', { name: 'Model' }))
    .first()
    .fill('gpt-4o');
  await expect(page.getByText(/Identical to/)).toBeVisible();
  await expect(page.getByText('Refund mail').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Freeze/ })).toBeDisabled();
  // One character more makes it another template.
  await type(page, 1, '!');
  await expect(page.getByText(/Identical to/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Freeze/ })).toBeEnabled();
});

test('a draft survives a reload', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await type(page, 1, 'Half a thought about {{ topic }}');
  await expect(page.getByRole('textbox', { name: 'topic' })).toBeVisible();
  await page.reload();
  await expect(page.locator('.cm-content').nth(1)).toHaveText('Half a thought about {{ topic }}');
});
