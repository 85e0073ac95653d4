import { accessibilityProblems, expect, test } from './app.fixture';

test('what is sent first is shown message by message; defaults and columns that are the same are told as they are', async ({
  app,
  page,
}) => {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Greeting',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    messages: [
      { role: 'system', content: 'Answer in {{ language | default: "English" }}.' },
      { role: 'user', content: 'Good morning.' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: 'Greet {{ city }}.' },
    ],
  });
  const { template_id } = body as { template_id: string };
  await page.goto(`${app.url}/#/compare/new?template=${template_id}`);
  await page.getByRole('textbox', { name: 'city, row 1' }).fill('Oslo');

  for (const [name, text] of [
    ['System, message 1', 'Answer in English.'],
    ['User, message 2', 'Good morning.'],
    ['Assistant, message 3', 'Hello!'],
    ['User, message 4', 'Greet Oslo.'],
  ] as const) {
    await expect(page.getByRole('region', { name, exact: true })).toContainText(text);
  }
  await expect(
    page.getByText('1 row has an empty value for which the template has a default.'),
  ).toBeVisible();
  await expect(page.getByText(/sent as empty text/)).toHaveCount(0);
  await page.getByRole('textbox', { name: 'city, row 1' }).fill('');
  await page.getByRole('textbox', { name: 'language, row 1' }).fill('Norwegian');
  await expect(page.getByText('1 row has an empty value; it is sent as empty text.')).toBeVisible();

  await page.getByRole('button', { name: /^Add column/ }).click();
  await expect(page.getByText(/are the same/)).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Model of column 2' }).fill('gpt-4o');
  await page.keyboard.press('Tab');
  await expect(page.getByText('Columns 1 and 2 are the same.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Start/ })).toBeEnabled();
  expect(await accessibilityProblems(page)).toEqual([]);
});
