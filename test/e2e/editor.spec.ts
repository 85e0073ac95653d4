import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, test, type App } from './app.fixture';

async function type(page: Page, editor: number, text: string): Promise<void> {
  await page.locator('.cm-content').nth(editor).click();
  // Typed as text: the editor's own bracket closing must not change what a person means.
  await page.keyboard.insertText(text);
}

test('a template is written, previewed, frozen, and its twin is refused while it is typed', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Refund mail');
  await type(page, 0, 'You write for {{ brand }}.');
  await type(page, 1, 'Answer this mail: {{ mail }}');
  await page
    .getByRole('combobox', { name: 'Model' })
    .or(page.getByRole('textbox', { name: 'Model' }))
    .first()
    .fill('gpt-4o');

  // Variables are found while one types, and the preview follows their values.
  await page.getByRole('textbox', { name: 'brand' }).fill('AVEA');
  await page.getByRole('textbox', { name: 'mail' }).fill('Where is my order?');
  await expect(page.getByText('You write for AVEA.')).toBeVisible();

  await page.keyboard.press('Control+s');
  await expect(page.getByText(/Frozen/).first()).toBeVisible();
  await expect(page).toHaveURL(/#\/templates\/[0-9a-f-]{36}/);

  // The same text again, under another name.
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Another name');
  await type(page, 0, 'You write for {{ brand }}.');
  await type(page, 1, 'Answer this mail: {{ mail }}');
  await page
    .getByRole('combobox', { name: 'Model' })
    .or(page.getByRole('textbox', { name: 'Model' }))
    .first()
    .fill('gpt-4o');
  // As before, leaving the field picks the model with its connection.
  await page.keyboard.press('Tab');
  await expect(page.getByText(/Identical to/)).toBeVisible();
  await expect(page.getByText('Refund mail').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Freeze/ })).toBeDisabled();
  // One character more makes it another template.
  await type(page, 1, '!');
  await expect(page.getByText(/Identical to/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Freeze/ })).toBeEnabled();
});

test('a draft survives a reload', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await type(page, 1, 'Half a thought about {{ topic }}');
  await expect(page.getByRole('textbox', { name: 'topic' })).toBeVisible();
  await page.reload();
  await expect(page.locator('.cm-content').nth(1)).toHaveText('Half a thought about {{ topic }}');
});

test('a template that walks through lists and objects is tried with JSON values', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await type(page, 1, '{% for mail in mails %}- {{ mail.subject }} {% endfor %}for {{ user.name }}');
  // Before any value is given, the preview shows where each will stand, and the fields ask for their shape.
  await expect(page.getByText('- ⟨mails.subject⟩ for ⟨user.name⟩')).toBeVisible();
  const mails = page.getByRole('textbox', { name: 'mails' });
  await expect(mails).toHaveAttribute('placeholder', /"subject"/);
  await mails.fill('[{ "subject": "Late parcel" }, ');
  await expect(page.getByText(/JSON, line 1, column/)).toBeVisible();
  await mails.fill('[{ "subject": "Late parcel" }, { "subject": "Refund" }]');
  await page.getByRole('textbox', { name: 'user', exact: true }).fill('{ "name": "Ada" }');
  await expect(page.getByText('- Late parcel - Refund for Ada')).toBeVisible();
});

test('a refused freeze says why at the field and moves nothing', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await type(page, 1, 'Hello');
  const place = () => page.locator('.cm-content').nth(1).boundingBox();
  const before = await place();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Choose a model.', { exact: true }).first()).toBeVisible();
  expect(await place()).toEqual(before);
});

test('what is typed while a freeze is on its way goes on as a draft of the new version', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Fast');
  await page.getByRole('combobox', { name: 'Model' }).first().fill('gpt-4o');
  await type(page, 1, 'Say hello');
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((done) => (letGo = done));
  await page.route('**/rpc/templates/create', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest('**/rpc/templates/create');
  await page.keyboard.press('Control+s');
  await asked;
  await page.keyboard.insertText(' twice');
  letGo();
  await expect(page.getByRole('link', { name: 'from v1', exact: true })).toBeVisible();
  await expect(page.locator('.cm-content').nth(1)).toHaveText('Say hello twice');
  await page.reload();
  await expect(page.locator('.cm-content').nth(1)).toHaveText('Say hello twice');
  const { body } = await app.api('GET', '/v1/templates');
  expect(body).toMatchObject({ total: 1, items: [{ name: 'Fast', version_number: 1 }] });
});

test('what one tab discards is not lost in another that goes on writing', async ({ app, page, context }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await type(page, 1, 'First thought');
  await expect.poll(() => draftsIn(page)).toContain('First thought');
  const other = await context.newPage();
  await other.goto(`${app.url}/#/templates/new`);
  // The other tab takes the draft over; then the first goes on.
  await expect(other.locator('.cm-content').nth(1)).toHaveText('First thought');
  await type(page, 1, ', then a second');
  await expect.poll(() => draftsIn(page)).toContain('then a second');
  await other.getByRole('button', { name: 'Discard' }).click();
  await other.close();
  await page.reload();
  await expect(page.locator('.cm-content').nth(1)).toContainText('then a second');
});

test('a draft that was discarded by mistake is brought back', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await type(page, 1, 'An hour of work');
  await expect.poll(() => draftsIn(page)).toContain('An hour of work');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.locator('.cm-content').nth(1)).not.toContainText('An hour of work');
  await expect.poll(() => draftsIn(page)).not.toContain('An hour of work');
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(page.locator('.cm-content').nth(1)).toHaveText('An hour of work');
  await expect.poll(() => draftsIn(page)).toContain('An hour of work');
});

test('a server that is gone is said, and what is written meanwhile is kept', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Kept');
  await page.getByRole('combobox', { name: 'Model' }).fill('gpt-4o');
  await app.kill();
  await expect(page.getByText('Disconnected, reconnecting')).toBeVisible();
  await type(page, 1, 'Written without a server');
  await page.keyboard.press('Control+s');
  // It may have arrived: nothing is said of what came of it.
  await expect(page.getByText(/Check before you retry/)).toBeVisible();
  await expect.poll(() => draftsIn(page)).toContain('Written without a server');
});

function draftsIn(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify(localStorage));
}

test('a variable with a default may stay empty, and is marked as optional', async ({ app, page }) => {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Greeting',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Greet {{ city }}, {{ tone | default: "briefly" }}.',
  });
  const { template_id } = body as { template_id: string };
  await page.goto(`${app.url}/#/templates/${template_id}`);
  await expect(page.getByRole('textbox', { name: 'tone (optional)' })).toHaveValue('');
  await expect(page.getByText('Without a value: city')).toBeVisible();
  await page.getByRole('textbox', { name: 'city' }).fill('Bremen');
  await expect(page.getByText('Greet Bremen, briefly.')).toBeVisible();

  await page.getByRole('tab', { name: 'Run' }).click();
  await page.getByRole('tabpanel').getByRole('button', { name: /^Run/ }).click();
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible();
  const { body: runs } = await app.api('GET', `/v1/runs?template_id=${template_id}`);
  expect(runs).toMatchObject({ items: [{ status: 'succeeded' }] });
});

for (const { name: at, size } of [
  { name: '100 %', size: { width: 1440, height: 900 } },
  { name: '200 %', size: { width: 720, height: 450 } },
  { name: '900 px', size: { width: 900, height: 700 } },
]) {
  test(`what is typed right after New is the name, and fires no shortcut, at ${at}`, async ({ page }) => {
    await page.setViewportSize(size);
    await page.keyboard.press('n');
    const name = page.getByRole('textbox', { name: 'Name' }).first();
    await expect(name).toBeFocused();
    await page.keyboard.type('New grants from jane');
    await expect(name).toHaveValue('New grants from jane');
    await expect(page).toHaveURL(/#\/templates\/new/);
  });
}

test('a draft is never compared as the frozen text without a word; a version is compared with its parent', async ({
  app,
  page,
}) => {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Greeting',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Say hello.',
  });
  await page.goto(`${app.url}/#/templates/${(body as { template_id: string }).template_id}`);
  // A first version has no parent.
  await expect(page.getByRole('button', { name: /^Diff/ })).toBeDisabled();
  await page.getByRole('tab', { name: 'Run' }).click();
  await type(page, 1, 'Please! ');
  await page.getByRole('button', { name: /^Compare/ }).click();
  await expect(page.getByRole('dialog', { name: 'Your draft is not frozen' })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Freeze the draft' }).click();
  await expect(page.getByText(/is frozen\./)).toBeVisible();
  // The tab stays where it was.
  await expect(page.getByRole('tab', { name: 'Run' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: /^Diff/ }).click();
  await expect(
    page.getByRole('dialog', { name: 'Diff against Greeting' }).getByText('Please!'),
  ).toBeVisible();
});

/** A frozen template with two variables. */
async function frozen(app: App, more: object = {}): Promise<string> {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Refund triage',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Sort {{ mail }} for {{ brand }}.',
    ...more,
  });
  return (body as { template_id: string }).template_id;
}

test('a run without its values marks their fields and goes to the first; the values go along to a comparison', async ({
  app,
  page,
}) => {
  const first = await frozen(app);
  const second = await frozen(app, {
    user_prompt_template: 'Sort {{ mail }} for {{ brand }}, please.',
    parent_template_id: first,
  });
  await page.goto(`${app.url}/#/templates/${second}`);
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await page.keyboard.press('Control+Enter');
  const mail = page.getByRole('textbox', { name: 'mail' });
  const brand = page.getByRole('textbox', { name: 'brand' });
  await expect(mail).toBeFocused();
  for (const field of [mail, brand]) {
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription('Enter a value.');
  }
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.type('Where is it?');
  await expect(mail).not.toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Control+Enter');
  await expect(brand).toBeFocused();
  await page.keyboard.type('AVEA');

  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const row = (name: string) => page.getByRole('textbox', { name: `${name}, row 1` });
  await expect(row('mail')).toHaveValue('Where is it?');
  await expect(row('brand')).toHaveValue('AVEA');
  await page.goBack();
  await page.keyboard.press('Control+Shift+D');
  await expect(page.getByRole('group', { name: 'Column 2' })).toBeVisible();
  await expect(row('mail')).toHaveValue('Where is it?');
  await expect(page.getByRole('textbox', { name: 'mail, row 2' })).toHaveCount(0);
});

test('Escape leaves the text for the keys of the page; labels, name and history are one key from there', async ({
  app,
  page,
}) => {
  const id = await frozen(app);
  await app.api('PUT', `/v1/templates/${id}/labels/production`, {});
  await page.goto(`${app.url}/#/templates/${id}`);
  await expect(page.getByRole('list', { name: 'Labels of this version' })).toHaveText('production');
  const user = page.getByRole('textbox', { name: 'User' });
  await user.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' Now.');
  const label = page.getByRole('textbox', { name: 'Version label' });
  await expect(label).toHaveAttribute('placeholder', 'v2');
  await expect(page.getByText(/no identical template/)).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Refund triage · v2 is frozen.')).toBeVisible();
  // Whoever goes on writing writes there, and presses no key of the page.
  await expect(user).toBeFocused();
  await page.keyboard.type('here');
  await expect(user).toContainText('Nowhere.');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(label).toHaveAttribute('placeholder', 'next: v3');
  // No label points to the new version.
  await expect(page.getByRole('list', { name: 'Labels of this version' })).toHaveCount(0);

  await user.click();
  // What the text itself has a use for comes first: here its search.
  await page.keyboard.press('Control+f');
  const search = page.getByRole('textbox', { name: 'Find' });
  await expect(search).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search).toHaveCount(0);
  await expect(user).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.keyboard.press('l');
  await expect(page.getByRole('dialog', { name: 'Labels of Refund triage · v2' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F2');
  await expect(page.getByRole('dialog', { name: 'Rename Refund triage' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'History of the prompt' }).click();
  await expect(page).toHaveURL(/#\/prompts\//);
  await page.keyboard.press('?');
  await expect(
    page
      .getByRole('dialog', { name: 'Keyboard shortcuts' })
      .getByText('Leave the text for the keys of the page'),
  ).toBeVisible();
});

test('what is said of a draft names its subject, and stays on its screen', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/${await frozen(app)}`);
  await page.getByRole('tab', { name: 'Tools' }).click();
  await page.getByRole('button', { name: 'Add tool' }).click();
  await expect(page.getByText(/Not checked: The name of tool 1 /)).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByText(/Not frozen: The name of tool 1 /)).toBeVisible();
  // The field that says why has focus.
  await expect(
    page.getByRole('region', { name: 'Tool 1' }).getByRole('textbox', { name: 'Name' }),
  ).toBeFocused();
  await page.evaluate(() => (location.hash = '#/runs'));
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
  await expect(page.getByText(/Not frozen/)).toHaveCount(0);
});

test('at 900 px every tab is whole, and what is written below a message begins where its text does', async ({
  app,
  page,
}) => {
  await page.setViewportSize({ width: 900, height: 700 });
  await page.goto(`${app.url}/#/templates/${await frozen(app)}`);
  const tabs = page.getByRole('tab');
  await expect(tabs).toHaveCount(6);
  for (const tab of await tabs.all()) {
    const box = await tab.boundingBox();
    expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThanOrEqual(900);
  }
  await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
  await page.keyboard.press('F4');
  const left = (text: string) =>
    page
      .getByText(text, { exact: true })
      .first()
      .evaluate((element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect().x;
      });
  const content = page.getByRole('textbox', { name: 'Text of message 2' }).locator('.cm-placeholder');
  await expect(content).toBeVisible();
  const start = await content.evaluate((element) => element.getBoundingClientRect().x);
  expect(Math.abs((await left('Add tool calls')) - start)).toBeLessThanOrEqual(1);
});

test('a model that no list has is said to be sent as typed', async ({ app, page }) => {
  await page.goto(`${app.url}/#/templates/new`);
  await page.getByRole('combobox', { name: 'Model', exact: true }).fill('made-up-model');
  await expect(page.getByText('No list has it. It is sent as typed.')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
});
