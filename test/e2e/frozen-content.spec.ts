import { expect, test } from './app.fixture';

test('a version is shown and run with the partial that it was frozen with; freezing takes a newer one', async ({
  app,
  page,
}) => {
  const partial = (text: string) => app.api('POST', '/v1/partials', { name: 'house_style', text });
  await partial('Be brief');
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Styled',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: '{% render "house_style" %} for {{ who }}.',
  });
  const { template_id } = body as { template_id: string };
  await partial('Be VERY brief');
  await page.goto(`${app.url}/#/templates/${template_id}`);
  const state = page.getByRole('status', { name: 'Duplicate check' });
  await expect(state).toHaveText(/Frozen with an earlier text of house_style/);
  await page.getByRole('textbox', { name: 'who' }).fill('kids');
  const rendered = page.getByLabel('Rendered user message 1');
  await expect(rendered).toHaveText('Be brief for kids.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Answer to the text on screen.')).toBeVisible();

  await page.keyboard.press('Control+s');
  await expect(page.getByRole('link', { name: 'v2', exact: true })).toBeVisible();
  await expect(state).toHaveText(/Frozen. Typing starts a draft/);
  await page.getByRole('tab', { name: 'Preview' }).click();
  await expect(rendered).toHaveText('Be VERY brief for kids.');
});

test('two texts that become messages differ in what was said alone', async ({ app, page }) => {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Grown',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    system_instructions: 'Answer in one word.',
    user_prompt_template: 'Capital of {{ country }}?',
  });
  const { template_id } = body as { template_id: string };
  await page.goto(`${app.url}/#/templates/${template_id}`);
  await page.getByRole('button', { name: 'Add message' }).click();
  await page.getByRole('menuitem', { name: 'Assistant' }).click();
  await page.keyboard.insertText('Paris');
  await page.getByRole('button', { name: /^Diff/ }).click();
  const changes = page.getByRole('dialog').getByRole('heading', { level: 3 });
  await expect(changes).toHaveText(['Messages']);
  await expect(page.getByRole('dialog').locator('del')).toHaveCount(0);
  await expect(page.getByRole('dialog').locator('ins')).toHaveText(/assistant\s*Paris/);
});
