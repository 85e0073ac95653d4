import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, test, type App } from './app.fixture';

/** A new comparison of a template with two variables. */
async function openPlan(app: App, page: Page): Promise<void> {
  await app.api('POST', '/v1/templates', {
    name: 'Mail',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Answer {{ subject }}: {{ body }}',
  });
  await page.goto(`${app.url}/#/compare/new`);
  await page.getByRole('combobox', { name: 'Template' }).click();
  await page.getByRole('option', { name: 'Mail' }).click();
  await expect(cell(page, 'subject, row 1')).toBeVisible();
}

const cell = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

/** Pastes as a person does: the clipboard's text and, from a spreadsheet, its table. */
async function paste(page: Page, name: string, text: string, html = ''): Promise<void> {
  await cell(page, name).focus();
  await cell(page, name).evaluate(
    (element, clip) => {
      const data = new DataTransfer();
      data.setData('text/plain', clip.text);
      if (clip.html) data.setData('text/html', clip.html);
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      // What the browser does with a paste that nobody takes.
      if (element.dispatchEvent(event)) document.execCommand('insertText', false, clip.text);
    },
    { text, html },
  );
}

test('an input keeps its line breaks: typed, pasted, beside another edit, undone, after a reload, and as it is sent', async ({
  app,
  page,
}) => {
  await openPlan(app, page);
  await cell(page, 'body, row 1').focus();
  await page.keyboard.type('Dear all,');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.type('bye');
  const text = 'Dear all,\n\nbye';
  await expect(cell(page, 'body, row 1')).toHaveValue(text);
  // It grows with its lines.
  const height = (await cell(page, 'body, row 1').boundingBox())?.height ?? 0;
  expect(height).toBeGreaterThan(3 * 18);

  await cell(page, 'subject, row 1').fill('Hi');
  await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await expect(cell(page, 'body, row 1')).toHaveValue(text);
  await page.keyboard.type('!');
  await page.keyboard.press('Control+z');
  await expect(cell(page, 'body, row 1')).toHaveValue(text);

  // Lines with commas and a tab are prose, not a table.
  await page.getByRole('button', { name: 'Add row' }).click();
  // Who adds a row types into it.
  await expect(cell(page, 'subject, row 2')).toBeFocused();
  const mail = 'One, two\n\tthree, four\nfive';
  await paste(page, 'body, row 2', mail);
  await expect(cell(page, 'body, row 2')).toHaveValue(mail);
  await expect(cell(page, 'body, row 1')).toHaveValue(text);

  await page.reload();
  await expect(cell(page, 'body, row 1')).toHaveValue(text);
  await expect(cell(page, 'body, row 2')).toHaveValue(mail);
  await page.getByRole('button', { name: /^Start/ }).click();
  await expect(page.getByRole('grid')).toBeVisible();
  const batchId = page.url().split('/').at(-1) ?? '';
  const { body } = await app.api('GET', `/v1/batches/${batchId}/rows?from=0&count=2`);
  expect((body as { rows: { variables: unknown }[] }).rows.map(({ variables }) => variables)).toEqual([
    { subject: 'Hi', body: text },
    { subject: '', body: mail },
  ]);
});

test('cells of several lines are pasted from a spreadsheet and from CSV, and one undo takes a paste back', async ({
  app,
  page,
}) => {
  await openPlan(app, page);
  await cell(page, 'subject, row 1').fill('Before');
  await paste(page, 'subject, row 1', '"Hi\nyou"\t"one\n\n""two"""\nHo\tthree\n');
  await expect(cell(page, 'subject, row 1')).toHaveValue('Hi\nyou');
  await expect(cell(page, 'body, row 1')).toHaveValue('one\n\n"two"');
  await expect(cell(page, 'body, row 2')).toHaveValue('three');
  await expect(page.getByText('2 rows pasted.')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(cell(page, 'subject, row 1')).toHaveValue('Before');
  await expect(cell(page, 'body, row 2')).toHaveCount(0);

  await paste(page, 'subject, row 1', 'subject,body\nHi,"a\nb"\n');
  await expect(cell(page, 'body, row 2')).toHaveValue('a\nb');
  await expect(page.getByText('1 row added.')).toBeVisible();
  // A row is not lost to one click either.
  await page.getByRole('button', { name: 'Remove row 2' }).click();
  await expect(cell(page, 'body, row 2')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(cell(page, 'body, row 2')).toHaveValue('a\nb');

  // One column of a spreadsheet has neither tabs nor quotes, but its clipboard says what it is.
  await paste(page, 'subject, row 1', 'Bremen\nHof', '<table><tr><td>Bremen</td></tr></table>');
  await expect(cell(page, 'subject, row 2')).toHaveValue('Hof');
});

for (const { name, size } of [
  { name: '100 %', size: { width: 1440, height: 900 } },
  { name: '200 %', size: { width: 720, height: 450 } },
  { name: '900 px', size: { width: 900, height: 700 } },
]) {
  test(`cells of several lines do not cover each other at ${name}`, async ({ app, page }) => {
    await page.setViewportSize(size);
    await openPlan(app, page);
    const long = Array.from({ length: 40 }, (_, line) => `Line ${line}`).join('\n');
    await paste(page, 'subject, row 1', `subject,body\nHi,"${long}"\nHo,"a\nb"\nمرحبا,"שלום\nעולם"`);
    await expect(cell(page, 'body, row 3')).toHaveValue('שלום\nעולם');
    await cell(page, 'body, row 3').scrollIntoViewIfNeeded();
    await expect(async () => {
      const boxes = await Promise.all([1, 2, 3].map((row) => cell(page, `body, row ${row}`).boundingBox()));
      for (const [index, box] of boxes.entries()) {
        const next = boxes[index + 1];
        if (box && next) expect(box.y + box.height).toBeLessThanOrEqual(next.y + 1);
      }
      // Two lines are shown whole.
      expect(boxes[1]?.height ?? 0).toBeGreaterThanOrEqual(2 * 18);
    }).toPass();
    // A row's number is level with the first line of its row, and a text from the right begins at the right.
    const number = await page.getByText('3', { exact: true }).first().boundingBox();
    const field = await cell(page, 'subject, row 3').boundingBox();
    expect(Math.abs((number?.y ?? 0) - (field?.y ?? 0))).toBeLessThanOrEqual(2);
    expect(await cell(page, 'subject, row 3').evaluate((area) => getComputedStyle(area).direction)).toBe(
      'rtl',
    );
    if (name === '100 %') expect(await accessibilityProblems(page)).toEqual([]);
  });
}
