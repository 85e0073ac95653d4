import type { Page } from '@playwright/test';
import { expect } from './app.fixture';
import { after, button, type Place } from './command-places';
import { TEMPLATE, type Data } from './commands-data';

const typeInUser =
  (text: string) =>
  async (page: Page): Promise<void> => {
    await page.locator('.cm-content').nth(1).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(text);
    await expect(page.getByRole('button', { name: 'Discard' })).toBeVisible();
  };

/** Where the commands of the editor are tried. */
export function editorPlaces(data: Data) {
  const editor: Place = {
    path: `templates/${data.templateId}`,
    ready: (page) => expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible(),
  };
  const draft: Place = {
    ...editor,
    prepare: async (page) => {
      await typeInUser(` Be brief, ${Date.now()}.`)(page);
      await expect(page.getByText(/no identical template/)).toBeVisible();
    },
  };
  const discarded: Place = {
    ...editor,
    prepare: async (page) => {
      await draft.prepare?.(page);
      await button(/^Discard$/)(page);
      await page.getByRole('button', { name: 'Discard' }).click();
    },
  };
  const blank: Place = {
    path: 'templates/new',
    ready: (page) => expect(page.locator('.cm-content').nth(1)).toBeVisible(),
  };
  const twoDrafts: Place = {
    ...blank,
    prepare: async (page) => {
      await typeInUser('Another thought')(page);
      await page.evaluate((id) => (location.hash = `#/templates/${id}`), data.templateId);
      await editor.ready(page);
    },
  };
  const closed: Place = {
    ...editor,
    prepare: async (page) => {
      await draft.prepare?.(page);
      await page.keyboard.press('Control+F9');
      await expect(page.getByRole('heading', { name: 'Templates' })).toBeVisible();
      await page.evaluate(() => (location.hash = '#/templates/new'));
      await blank.ready(page);
    },
  };
  /** A user's message, then an assistant's, which has focus. */
  const blocks: Place = {
    ...editor,
    prepare: async (page) => {
      await page.keyboard.press('F4');
      await expect(page.getByRole('textbox', { name: 'Text of message 2' })).toBeFocused();
    },
  };
  const firstBlock: Place = {
    ...editor,
    prepare: async (page) => {
      await blocks.prepare?.(page);
      await page.getByRole('textbox', { name: 'Text of message 1' }).click();
    },
  };
  const oneBlock: Place = {
    ...editor,
    prepare: async (page) => {
      await blocks.prepare?.(page);
      await page.keyboard.press('Shift+F4');
      await button('Back to two texts')(page);
    },
  };
  const twin: Place = {
    path: 'templates/new',
    ready: (page) => expect(page.locator('.cm-content').nth(1)).toBeVisible(),
    prepare: async (page) => {
      await page.getByRole('combobox', { name: 'Provider' }).click();
      await page.getByRole('option', { name: 'Practice (OpenAI)' }).click();
      await page.getByRole('combobox', { name: 'Model' }).fill(TEMPLATE.model_id);
      await typeInUser(TEMPLATE.user_prompt_template)(page);
      await expect(page.getByText(/Identical to/)).toBeVisible();
    },
  };
  const streaming: Place = {
    ...editor,
    prepare: async (page) => {
      await page.keyboard.press('Control+4');
      await page.getByRole('combobox', { name: 'Model' }).last().fill('gpt-4o@slowstream=3000');
      await page.keyboard.press('Control+Enter');
      await expect(page.getByRole('button', { name: /^Stop/ })).toBeVisible();
    },
  };
  return {
    'template.freeze': draft,
    'template.diff': draft,
    'compare.previous': draft,
    'template.openDuplicate': twin,
    'draft.discard': draft,
    'draft.restore': discarded,
    'draft.next': twoDrafts,
    'draft.previous': twoDrafts,
    'draft.close': draft,
    'draft.reopen': closed,
    'message.add': editor,
    'message.attach': editor,
    'message.partial': editor,
    'message.up': blocks,
    'message.down': firstBlock,
    'message.fold': blocks,
    'message.remove': blocks,
    'message.texts': oneBlock,
    'run.start': editor,
    'run.stop': streaming,
    'editor.preview': after(editor, 'Control+2'),
    'editor.parameters': editor,
    'editor.details': editor,
    'editor.run': editor,
    'editor.versions': editor,
    'editor.tools': editor,
    'version.check': editor,
  } as const;
}
