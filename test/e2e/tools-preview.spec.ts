import { accessibilityProblems, expect, test } from './app.fixture';
import { write } from './typing';

test('a tool whose name is none yet says so at its name, and the preview shows the rest', async ({
  page,
}) => {
  await page.keyboard.press('n');
  await write(page, { name: 'Orders', text: 'Where is my order?' });
  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: 'Add tool' }).click();
  await page
    .getByRole('region', { name: 'Tool 1' })
    .getByRole('textbox', { name: 'Name' })
    .fill('find order');
  await expect(page.getByText(/^The name may have up to 64 letters/)).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('region', { name: 'User, message 1' })).toContainText('Where is my order?');
  await expect(page.getByText('VALIDATION_FAILED')).toHaveCount(0);
});
