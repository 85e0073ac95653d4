import { createHash } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';
import { accessibilityProblems, expect, runCommand, test, type App } from './app.fixture';

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Pages/Count 2>>\n<</Type /Page>> <</Type /Page>>\n%%EOF\n');

/** A black picture. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Dropped {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
  /** Zeros after the bytes, made in the page. */
  readonly more?: number;
}

async function drop(page: Page, target: Locator, { name, type, bytes, more = 0 }: Dropped): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    (file) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([content, new Uint8Array(file.more)], file.name, { type: file.type }));
      return data;
    },
    { name, type, more, base64: bytes.toString('base64') },
  );
  await target.dispatchEvent('dragover', { dataTransfer });
  await expect(page.getByText('Drop to attach')).toBeVisible();
  await target.dispatchEvent('drop', { dataTransfer });
}

/** Puts an image on the system's clipboard, as a screenshot tool does, and pastes it by keys. */
async function pasteImage(page: Page, bytes: Buffer): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(async (base64) => {
    const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const blob = new Blob([content], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
  }, bytes.toString('base64'));
  await page.keyboard.press('Control+v');
}

const message = (page: Page, number: number) =>
  page.getByRole('region', { name: `Message ${number}`, exact: true });
const textOf = (page: Page, number: number) =>
  page.getByRole('textbox', { name: `Text of message ${number}`, exact: true });
const part = (page: Page, name: RegExp) => page.getByRole('group', { name });

async function newTemplate(page: Page, app: App, name: string): Promise<void> {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'Practice (OpenAI)' }).click();
  await page.getByRole('combobox', { name: 'Model' }).first().fill('gpt-4o');
  await page.keyboard.press('Escape');
}

async function addMessage(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: 'Add message' }).click();
  await page.getByRole('menuitem', { name: kind, exact: true }).click();
}

async function onlyTemplate(app: App): Promise<Record<string, unknown>> {
  const { body } = await app.api('GET', '/v1/templates');
  const [{ template_id }] = (body as { items: [{ template_id: string }] }).items;
  return (await app.api('GET', `/v1/templates/${template_id}`)).body as Record<string, unknown>;
}

test('a conversation with an example, a placeholder, a tool, a pasted image and a dropped PDF is shown as each provider is sent it, run, frozen and there again', async ({
  app,
  page,
}) => {
  await newTemplate(page, app, 'Receipts');
  await page.getByRole('textbox', { name: 'User' }).click();
  await page.keyboard.insertText('Is this a receipt?');
  await page.keyboard.press('F4');
  await page.keyboard.insertText('Yes, for 12 euros.');
  await addMessage(page, 'Placeholder');
  await page.getByRole('textbox', { name: 'Variable of message 3' }).fill('history');
  await addMessage(page, 'User');
  await page.keyboard.insertText('What does {{ name }} owe?');

  await pasteImage(page, png(640, 480));
  const image = part(page, /^image image\.png, part 2 of message 4$/);
  await expect(image).toContainText('image/png');
  await expect(image).toContainText('640 × 480 px');
  // 85 and 170 for each of two tiles.
  await expect(image).toContainText('≈ 425 tokens');
  await drop(page, message(page, 4), { name: 'terms.pdf', type: 'application/pdf', bytes: PDF });
  const pdf = part(page, /^file terms\.pdf, part 3 of message 4$/);
  await expect(pdf).toContainText('2 pages');
  await expect(message(page, 4)).toContainText('2 files');
  // The text that was being typed is the same, and its undo history too.
  await expect(textOf(page, 4)).toHaveText('What does {{ name }} owe?');

  // By keys: the PDF goes before the image.
  await pdf.getByRole('button', { name: /^Remove/ }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(part(page, /^file terms\.pdf, part 2 of message 4$/)).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: 'Add tool', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).last().fill('find_customer');

  await page.keyboard.press('Control+1');
  await page.getByRole('textbox', { name: 'history' }).fill('[{"role":"user","text":"Hm"}]');
  await expect(page.getByText('0.text: is not a known field', { exact: true })).toBeVisible();
  await page.getByRole('textbox', { name: 'history' }).fill('[{"role":"user","content":"I am waiting."}]');
  await page.getByRole('textbox', { name: 'name', exact: true }).last().fill('Ada');
  await expect(page.getByText('I am waiting.').last()).toBeVisible();

  // By keys, as a segmented control is: to the right is the request.
  await page.getByRole('radio', { name: 'Messages' }).focus();
  await page.keyboard.press('ArrowRight');
  const body = page.getByRole('region', { name: 'Request body' });
  await expect(body).toContainText('"input_image"');
  await expect(body).toContainText(/… \(\d+ characters of Base64\)/);
  await expect(body).toContainText('"find_customer"');
  await page.getByRole('combobox', { name: 'Connection' }).first().click();
  await page.getByRole('option', { name: 'practice-anthropic' }).click();
  await expect(body).toContainText('"type": "document"');
  await page.getByRole('button', { name: 'Copy the whole request' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(PDF.toString('base64'));
  expect(JSON.parse(copied)).toMatchObject({ model: 'gpt-4o', stream: true });
  expect(await accessibilityProblems(page)).toEqual([]);

  // A crash loses nothing: the draft names the files by their hash.
  await page.reload();
  await expect(part(page, /^file terms\.pdf, part 2 of message 4$/)).toContainText('2 pages');

  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Answer to the text on screen.')).toBeVisible();
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
  expect(await onlyTemplate(app)).toMatchObject({
    messages: [
      { role: 'user', content: 'Is this a receipt?' },
      { role: 'assistant', content: 'Yes, for 12 euros.' },
      { placeholder: 'history' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What does {{ name }} owe?' },
          {
            type: 'file',
            asset_sha256: createHash('sha256').update(PDF).digest('hex'),
            media_type: 'application/pdf',
            name: 'terms.pdf',
          },
          { type: 'image', media_type: 'image/png' },
        ],
      },
    ],
  });
  await page.reload();
  await expect(part(page, /^image image\.png, part 3 of message 4$/)).toContainText('640 × 480 px');
});

test('a file that cannot be attached or sent says why, and goes by a key', async ({ app, page }) => {
  await newTemplate(page, app, 'Refused');
  const user = page.getByRole('textbox', { name: 'User' });
  await user.click();
  await page.keyboard.insertText('Look.');
  // Into two texts: they become messages.
  await drop(page, user, { name: 'tool.exe', type: 'application/x-msdownload', bytes: Buffer.from('MZ') });
  await expect(
    page.getByText(/tool\.exe: it is application\/x-msdownload, and providers take/),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss tool.exe' }).click();
  await drop(page, message(page, 1), { name: 'photo.png', type: 'image/png', bytes: PDF });
  await expect(page.getByText(/photo\.png: the bytes are application\/pdf, not image\/png/)).toBeVisible();
  await drop(page, message(page, 1), {
    name: 'large.pdf',
    type: 'application/pdf',
    bytes: PDF,
    more: 33 * 1024 * 1024 - PDF.length,
  });
  await expect(page.getByText(/large\.pdf: it has 33 MiB, and at most 32 MiB can be attached/)).toBeVisible();

  const heic = Buffer.concat([Buffer.alloc(4), Buffer.from('ftypheic'), Buffer.alloc(8)]);
  await drop(page, message(page, 1), { name: 'phone.heic', type: '', bytes: heic });
  const photo = part(page, /^image phone\.heic/);
  await expect(photo).toContainText('The Responses API takes no image/heic as an image');
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'Practice (Google)' }).click();
  await expect(photo).not.toContainText('takes no');
  expect(await accessibilityProblems(page)).toEqual([]);
  await photo.getByRole('button', { name: /^Remove/ }).focus();
  await page.keyboard.press('Delete');
  await expect(photo).toHaveCount(0);
  await expect(textOf(page, 1)).toHaveText('Look.');

  // An assistant carries none.
  await page.getByRole('combobox', { name: 'Role of message 1' }).selectOption('assistant');
  await drop(page, message(page, 1), { name: 'a.png', type: 'image/png', bytes: png(1, 1) });
  await expect(
    page.getByText('Only a user’s message or a tool’s result carries images and files.'),
  ).toBeVisible();
});

test('a variable takes a file; a partial is written and inserted, and one that is not there is named at its text', async ({
  app,
  page,
}) => {
  await newTemplate(page, app, 'Values');
  await page.getByRole('textbox', { name: 'User' }).click();
  await page.keyboard.insertText('Look.');
  await page.keyboard.press('F4');
  await page.getByRole('button', { name: 'More for message 1' }).click();
  await page.getByRole('menuitem', { name: 'Image of a variable' }).click();
  await page.getByRole('textbox', { name: /^Variable of part 2/ }).fill('photo');
  await page
    .getByLabel('File for photo', { exact: true })
    .setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: png(3, 2) });
  await expect(page.getByRole('group', { name: /^Rendered user message 1, part 2/ })).toContainText(
    '3 × 2 px',
  );

  await textOf(page, 1).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' {% render "tone" %}');
  await expect(message(page, 1).getByText('there is no partial "tone" in this workspace')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('Look. ');
  await page.keyboard.press('Shift+F8');
  await page.getByRole('textbox', { name: 'Name' }).last().fill('tone');
  await page.getByRole('textbox', { name: 'Text' }).last().fill('Be brief, {{ who }}.');
  await page.getByRole('button', { name: 'Save partial' }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Insert tone' }).click();
  await expect(textOf(page, 1)).toHaveText('Look. {% render "tone" %}');
  await expect(page.getByText('Look. Be brief, ⟨who⟩.')).toBeVisible();
});

test('files are chosen by a key; one that is no longer stored says so', async ({ app, page }) => {
  await newTemplate(page, app, 'Chosen');
  // Waited for from here on: the browser takes a moment to hand choosers over.
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('textbox', { name: 'User' }).click();
  await page.keyboard.insertText('Look.');
  await expect(page.getByLabel('Rendered user message 1')).toHaveText('Look.');
  await page.keyboard.press('F8');
  await (
    await chooser
  ).setFiles([
    { name: 'one.csv', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from('a,b\n') },
    { name: 'README.md', mimeType: '', buffer: Buffer.from('# Two') },
  ]);
  await expect(part(page, /^file one\.csv, part 2/)).toContainText('text/csv');
  await expect(part(page, /^file README\.md, part 3/)).toContainText('text/markdown');

  await page.getByRole('button', { name: 'More for message 1' }).click();
  await page.getByRole('menuitem', { name: 'Edit as JSON' }).click();
  await page.getByRole('textbox', { name: 'Parts of message 1' }).click();
  await page.keyboard.press('Control+a');
  const gone = { type: 'image', asset_sha256: 'a'.repeat(64), media_type: 'image/png', name: 'gone.png' };
  await page.keyboard.insertText(JSON.stringify([{ type: 'text', text: 'Look.' }, gone]));
  await page.getByRole('button', { name: 'Show the parts of message 1' }).click();
  await expect(part(page, /^image gone\.png/)).toContainText('This file is not stored here.');
  await runCommand(page, 'Run what is on screen');
  await expect(page.getByText(/no file a+ is stored/).first()).toBeVisible();
  expect((await app.api('GET', '/v1/runs')).body).toMatchObject({ items: [] });
});
