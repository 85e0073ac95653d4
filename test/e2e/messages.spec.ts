import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, test } from './app.fixture';

const textOf = (page: Page, number: number) =>
  page.getByRole('textbox', { name: `Text of message ${number}` });
const roleOf = (page: Page, number: number) =>
  page.getByRole('combobox', { name: `Role of message ${number}` });

async function insert(page: Page, text: string): Promise<void> {
  // Typed as text: the editor's own bracket closing must not change what a person means.
  await page.keyboard.insertText(text);
}

test('two texts become messages and texts again; blocks are added, moved, folded and removed by keys', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Chat');
  await page.getByRole('textbox', { name: 'System' }).click();
  await insert(page, 'Be brief.');
  await page.getByRole('textbox', { name: 'User' }).click();
  await insert(page, 'Hi {{ name }}');

  await page.keyboard.press('F4');
  await expect(roleOf(page, 3)).toHaveValue('assistant');
  await expect(textOf(page, 3)).toBeFocused();
  await insert(page, 'Hello!');
  await expect(textOf(page, 1)).toHaveText('Be brief.');
  await expect(textOf(page, 2)).toHaveText('Hi {{ name }}');

  await page.keyboard.press('Control+F2');
  await expect(textOf(page, 2)).toHaveText('Hello!');
  await expect(textOf(page, 2)).toBeFocused();
  await page.keyboard.press('Control+Shift+F2');
  await expect(textOf(page, 3)).toHaveText('Hello!');

  await page.keyboard.press('Shift+F2');
  await expect(textOf(page, 3)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Unfold message 3' })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Unfold message 3' }).click();
  await textOf(page, 3).click();

  await page.keyboard.press('Shift+F4');
  await expect(textOf(page, 3)).toHaveCount(0);
  // A slip of the hand is undone.
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(textOf(page, 3)).toHaveText('Hello!');
  await page.getByRole('button', { name: 'Remove message 3' }).click();
  await page.getByRole('button', { name: 'Back to two texts' }).click();
  await expect(page.getByRole('textbox', { name: 'User' })).toHaveText('Hi {{ name }}');
  await expect(page.getByRole('textbox', { name: 'System' })).toHaveText('Be brief.');
});

test('a conversation with a placeholder, a tool, its call and its result is previewed as it is sent, frozen and run', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Orders');
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'Practice (OpenAI)' }).click();
  await page.getByRole('combobox', { name: 'Model' }).first().fill('gpt-4o');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'User' }).click();
  await insert(page, 'Where is order 7?');

  await page.getByRole('button', { name: 'Add message' }).click();
  await page.getByRole('menuitem', { name: 'Assistant' }).click();
  await page.getByRole('button', { name: 'Add tool calls to message 2' }).click();
  const calls = page.getByRole('textbox', { name: 'Tool calls of message 2' });
  await calls.click();
  await page.keyboard.press('Control+a');
  await insert(page, '[{"id":"call_1","name":"find_order","arguments":{"number":7}}]');
  await page.keyboard.press('F4');
  await expect(roleOf(page, 3)).toHaveValue('tool');
  await page.getByRole('combobox', { name: 'Call that message 3 answers' }).fill('call_1');
  await page.keyboard.press('Escape');
  await textOf(page, 3).click();
  await insert(page, '{"state":"late"}');
  await page.getByRole('button', { name: 'Add message' }).click();
  await page.getByRole('menuitem', { name: 'Placeholder' }).click();
  await page.getByRole('textbox', { name: 'Variable of message 4' }).fill('history');
  await page.getByRole('button', { name: 'Add message' }).click();
  await page.getByRole('menuitem', { name: 'User' }).click();
  await insert(page, 'Answer in one sentence, {{ name }}.');

  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: 'Add tool' }).click();
  await page.getByRole('textbox', { name: 'Name' }).last().fill('find_order');
  await page.getByRole('textbox', { name: 'Parameters of find_order' }).click();
  await page.keyboard.press('Control+a');
  await insert(page, '{"type":"object","properties":{"number":{"type":"whole"}},"required":["number"]}');
  // Said at the field, before anything is frozen.
  const tool = page.getByRole('region', { name: 'Tool' });
  await expect(tool.getByText(/\/properties\/number\/type must be one of/)).toBeVisible();
  await page.keyboard.press('Control+a');
  await insert(
    page,
    '{"type":"object","properties":{"number":{"type":"integer","description":"Of the order"}},"required":["number"]}',
  );
  const form = page.getByRole('group', { name: 'Arguments of find_order, preview' });
  await expect(form.getByText('integer')).toBeVisible();
  await expect(form.getByText('required')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.keyboard.press('Control+1');
  await page.getByRole('textbox', { name: 'history' }).fill('[{"role":"user","content":"I am waiting."}]');
  await page.getByRole('textbox', { name: 'name', exact: true }).last().fill('Ada');
  await expect(page.getByText('Answer in one sentence, Ada.')).toBeVisible();
  await expect(page.getByText('I am waiting.').last()).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Answer to the text on screen.', { exact: true })).toBeVisible();
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
  const { body } = await app.api('GET', '/v1/templates');
  const [{ template_id }] = (body as { items: [{ template_id: string }] }).items;
  const { body: template } = await app.api('GET', `/v1/templates/${template_id}`);
  expect(template).toMatchObject({
    messages: [
      { role: 'user', content: 'Where is order 7?' },
      { role: 'assistant', content: '', tool_calls: [{ id: 'call_1', name: 'find_order' }] },
      { role: 'tool', content: '{"state":"late"}', tool_call_id: 'call_1' },
      { placeholder: 'history', optional: false },
      { role: 'user', content: 'Answer in one sentence, {{ name }}.' },
    ],
    tools: [{ name: 'find_order', strict: null }],
    tool_choice: 'auto',
    variables: ['history', 'name'],
  });
});

test('parameters are fields as the model takes them; values that none takes stop a freeze at their field', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Limits');
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'Practice (Anthropic)' }).click();
  await page.getByRole('combobox', { name: 'Model' }).first().fill('claude-opus-4-6');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'User' }).click();
  await insert(page, 'Hi');
  await page.keyboard.press('Control+2');

  const temperature = page.getByRole('textbox', { name: 'Temperature' });
  await temperature.fill('1.5');
  await temperature.press('Enter');
  await expect(page.getByText('must be a number from 0 to 1', { exact: true })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Inference parameters' })).toContainText(
    '"temperature": 1.5',
  );
  await page.keyboard.press('Control+s');
  await expect(page.getByText('temperature must be a number from 0 to 1.').first()).toBeVisible();
  expect((await app.api('GET', '/v1/templates')).body).toMatchObject({ total: 0 });
  expect(await accessibilityProblems(page)).toEqual([]);

  // A later model takes none: said with its reason.
  await page.getByRole('combobox', { name: 'Model' }).first().fill('claude-opus-5-5');
  await expect(page.getByText('Claude refuses it from version 4.7 on.').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Model' }).first().fill('claude-opus-4-6');
  await temperature.fill('0.5');
  await temperature.press('Enter');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
});
