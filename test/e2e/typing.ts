import type { Page } from '@playwright/test';
import { expect } from './app.fixture';

/** Moves focus forward, by Tab alone, to the field with this name. */
export async function tabTo(page: Page, name: string): Promise<void> {
  await expect(async () => {
    for (let step = 0; step < 60; step += 1) {
      const reached = await page.evaluate(() => {
        const field = document.activeElement;
        const labels =
          field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement
            ? [...(field.labels ?? [])]
            : [];
        return field?.getAttribute('aria-label') ?? labels.map((label) => label.textContent).join(' ');
      });
      if (reached === name) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no field “${name}” is reached by Tab`);
  }).toPass();
}

/** Fills in a new template by keys alone; focus stays in its user text. */
export async function write(
  page: Page,
  { name, text, model = 'gpt-4o' }: { name: string; text: string; model?: string },
): Promise<void> {
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await page.keyboard.type(name);
  await tabTo(page, 'Provider');
  await page.keyboard.type('Practice (OpenAI)');
  await expect(page.getByRole('option', { name: 'Practice (OpenAI)' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Model');
  await page.keyboard.type(model);
  await page.keyboard.press('Escape');
  await tabTo(page, 'User');
  await page.keyboard.insertText(text);
}
