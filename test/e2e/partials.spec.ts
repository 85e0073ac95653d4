import { accessibilityProblems, expect, test } from './app.fixture';

test('a partial is written, edited with its text at hand, and replaced knowingly: focus stays in the dialog', async ({
  app,
  page,
}) => {
  await page.keyboard.press('n');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await page.keyboard.press('Shift+F8');
  const dialog = page.getByRole('dialog', { name: 'Partials' });
  const name = dialog.getByRole('textbox', { name: 'Name' });
  const text = dialog.getByRole('textbox', { name: 'Text', exact: true });
  await name.fill('tone');
  await page.keyboard.press('Tab');
  await page.keyboard.insertText('Be friendly.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'Text of tone' })).toHaveText('Be friendly.');
  await expect(name).toBeFocused();
  await expect(text).toHaveValue('');

  await dialog.getByRole('button', { name: 'Edit tone' }).focus();
  await page.keyboard.press('Enter');
  await expect(text).toBeFocused();
  await expect(name).toHaveValue('tone');
  await expect(text).toHaveValue('Be friendly.');
  await expect(dialog.getByText(/Saving replaces its text/)).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('End');
  await page.keyboard.type(' Be brief.');
  await dialog.getByRole('button', { name: 'Replace text' }).click();
  await expect(dialog.getByRole('region', { name: 'Text of tone' })).toHaveText('Be friendly. Be brief.');
  await expect(name).toBeFocused();
  const { body } = await app.api('GET', '/v1/partials');
  expect(body).toMatchObject({ items: [{ name: 'tone', text: 'Be friendly. Be brief.' }] });
});
