import type { Page } from '@playwright/test';
import { expect, test } from './app.fixture';
import { tabTo } from './typing';

/** A new template on no provider; focus is in its model. */
async function writeAnywhere(page: Page): Promise<void> {
  await page.keyboard.press('n');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await page.keyboard.type('Greeting');
  await tabTo(page, 'User');
  await page.keyboard.insertText('Say hello.');
  await page.getByRole('combobox', { name: 'Model' }).first().focus();
}

for (const key of ['Enter', 'Tab'] as const) {
  test(`an id of a listed model that is typed in full is picked with its connection by ${key}, and runs`, async ({
    page,
  }) => {
    await writeAnywhere(page);
    const provider = page.getByRole('combobox', { name: 'Provider' });
    await expect(provider).toHaveValue('');
    await page.keyboard.type('gpt-4o');
    await page.keyboard.press(key);
    await expect(provider).toHaveValue('Practice (OpenAI)');
    await expect(page.getByRole('listbox')).toHaveCount(0);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText('Answer to the text on screen.')).toBeVisible();
  });
}

test('a run without a connection says that nothing was sent, and leads to one', async ({ page }) => {
  await writeAnywhere(page);
  await page.keyboard.type('gpt-nowhere');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+Enter');
  const failure = page.getByRole('alert').filter({ hasText: 'The run did not start' });
  await expect(failure).toContainText('There is no connection to the provider "openai"');
  await expect(failure).toContainText('Nothing was sent.');
  await failure.getByRole('button', { name: /^Add connection/ }).click();
  await expect(page).toHaveURL(/providers\?connection=new/);
});
