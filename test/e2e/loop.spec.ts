import type { Page, TestInfo } from '@playwright/test';
import { expect, runCommand, test, type App } from './app.fixture';
import { tabTo, write } from './typing';

/** Beside the one that the prompt was tried with. */
const CITIES = ['Bremen', 'Ulm', 'Köln', 'Genf', 'Wien', 'Graz', 'Rom', 'Lyon', 'Porto'];

/** What the walks have in common: what is on the screen, and a picture of it. */
function walkOf(page: Page, info: TestInfo) {
  let taken = 0;
  return {
    /** A picture of each step, for whoever wants to see the walk. */
    async picture(name: string): Promise<void> {
      taken += 1;
      const path = info.outputPath(`${String(taken).padStart(2, '0')}-${name}.png`);
      await page.screenshot({ path });
      await info.attach(name, { path, contentType: 'image/png' });
    },
    async answered(): Promise<void> {
      await expect(page.getByText('Answer to the text on screen.')).toBeVisible();
      await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0);
    },
    async movedOn(): Promise<void> {
      await expect(page.getByText(/Answer to another text/)).toBeVisible();
    },
    async frozen(): Promise<void> {
      await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
    },
    async compared(cells: number): Promise<void> {
      await expect(page.getByText('Completed', { exact: true })).toBeVisible();
      await expect(page.getByText(`${cells} of ${cells}`).first()).toBeVisible();
    },
  };
}

interface Fetched {
  readonly version_number: number;
}

async function inProduction(app: App): Promise<number | string> {
  const { status, body } = await app.api('GET', '/v1/prompts/by-name/Greeting?label=production');
  return status === 200 ? (body as Fetched).version_number : `refused: ${status}`;
}

/** Each column says its version, model and effort: 2 × 2 × 2. */
async function expectColumns(page: Page): Promise<void> {
  const headers = page.getByRole('columnheader');
  for (const version of ['v1', 'v2'])
    for (const model of ['gpt-5', 'o3'])
      for (const effort of ['low', 'high'])
        await expect(
          headers.filter({ hasText: version }).filter({ hasText: model }).filter({ hasText: effort }),
        ).toHaveCount(1);
}

/** Pastes into the field that has focus, as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);
}

test('the loop by keyboard alone: written, run, changed, frozen, compared, promoted, rolled back', async ({
  app,
  page,
}, info) => {
  test.setTimeout(600_000);
  const walk = walkOf(page, info);
  await page.keyboard.press('n');
  await write(page, { name: 'Greeting', text: 'Greet {{ city }} in one sentence.', model: 'gpt-5' });
  await tabTo(page, 'city');
  await page.keyboard.type('Hof');
  await page.keyboard.press('Control+Enter');
  await walk.answered();
  await walk.picture('first-answer');
  for (const more of [' Be friendly.', ' Name a sight.', ' Use no adjective.']) {
    await tabTo(page, 'User');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(more);
    await walk.movedOn();
    await page.keyboard.press('Control+Enter');
    await walk.answered();
  }
  await walk.picture('third-edit');
  expect((await app.api('GET', '/v1/templates')).body).toMatchObject({ total: 0 });

  await page.keyboard.press('Control+s');
  await walk.frozen();
  await tabTo(page, 'User');
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' Close with a question.');
  await expect(page.getByText('Frozen. Typing starts a draft')).toHaveCount(0);
  await page.keyboard.press('Control+s');
  await walk.frozen();
  await walk.picture('second-version');

  await page.keyboard.press('Control+Shift+d');
  await expect(page.getByRole('heading', { name: 'New comparison' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Model of column 2' })).toHaveValue('gpt-5');
  for (const [column, version] of [
    [3, 'v1'],
    [4, 'v2'],
  ] as const) {
    await runCommand(page, 'Add column');
    await tabTo(page, `Version of column ${column}`);
    await page.keyboard.press('Enter');
    const option = page.getByRole('option', { name: new RegExp(`^${version}`) });
    await expect(option).toBeVisible();
    for (let step = 0; step < 8; step += 1) {
      if ((await option.getAttribute('data-combobox-selected')) === 'true') break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await tabTo(page, `Model of column ${column}`);
    await page.keyboard.type('o3');
    await page.keyboard.press('Escape');
  }
  await tabTo(page, 'Each column with');
  await page.keyboard.type('effort=low,high');
  await tabTo(page, 'city, row 1');
  await paste(page, `city\n${CITIES.join('\n')}\n`);
  await expect(page.getByText('10 × 8 columns = 80')).toBeVisible();
  await walk.picture('plan');
  await page.keyboard.press('Control+Shift+Enter');
  await walk.compared(80);
  await expectColumns(page);
  await walk.picture('comparison');

  expect(await inProduction(app)).toBe('refused: 404');
  for (const [version, step] of [
    [2, 'promoted'],
    [1, 'rolled-back'],
  ] as const) {
    await page.keyboard.press('Escape');
    await runCommand(page, 'Go to Templates');
    const chosen = page.locator('[role=row][aria-selected=true]');
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await expect(chosen).toContainText('Greeting');
    await page.keyboard.press('h');
    await expect(page.getByRole('grid', { name: 'Versions' }).getByRole('row')).toHaveCount(3);
    await page.keyboard.press(version === 2 ? 'k' : 'j');
    await expect(chosen).toContainText(`v${version}`);
    await page.keyboard.press('l');
    await expect(page.getByLabel('Move a label here')).toBeFocused();
    await page.keyboard.type('production');
    await page.keyboard.press('Enter');
    await expect.poll(() => inProduction(app)).toBe(version);
    await page.keyboard.press('Escape');
    await walk.picture(step);
  }
  await expect(page.getByRole('row').filter({ hasText: 'production' })).toContainText('v1');
});

test('the loop by mouse: the same walk, and production is rolled back where it was promoted', async ({
  app,
  page,
}, info) => {
  test.slow();
  const walk = walkOf(page, info);
  const user = page.getByRole('textbox', { name: 'User', exact: true });
  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();
  await page.getByRole('button', { name: /^New/ }).first().click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Greeting');
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'Practice (OpenAI)' }).click();
  await page.getByRole('combobox', { name: 'Model' }).first().fill('gpt-5');
  await user.click();
  await page.keyboard.insertText('Greet {{ city }} in one sentence.');
  await page.getByRole('textbox', { name: 'city' }).fill('Hof');
  await press(/^Run/);
  await walk.answered();
  for (const more of [' Be friendly.', ' Name a sight.', ' Use no adjective.']) {
    await user.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(more);
    await walk.movedOn();
    await press(/^Run/);
    await walk.answered();
  }
  expect((await app.api('GET', '/v1/templates')).body).toMatchObject({ total: 0 });
  await press(/^Freeze/);
  await walk.frozen();
  await user.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' Close with a question.');
  await press(/^Freeze/);
  await expect(page.getByText('Greeting · v2 is frozen.')).toBeVisible();
  await walk.picture('second-version');

  await press('History');
  await expect(page.getByRole('grid', { name: 'Versions' }).getByRole('row')).toHaveCount(3);
  await walk.picture('history');
  await press(/^Compare/);
  await expect(page.getByRole('combobox', { name: 'Model of column 2' })).toHaveValue('gpt-5');
  for (const [column, version] of [
    [3, 'v1'],
    [4, 'v2'],
  ] as const) {
    await press('Add column');
    await page.getByRole('combobox', { name: `Version of column ${column}` }).click();
    await page.getByRole('option', { name: version }).click();
    await page.getByRole('combobox', { name: `Model of column ${column}` }).fill('o3');
    await page.keyboard.press('Escape');
  }
  await page.getByRole('textbox', { name: 'Each column with' }).fill('effort=low,high');
  await page.getByRole('textbox', { name: 'city, row 1' }).fill('Hof');
  await paste(page, `city\n${CITIES.join('\n')}\n`);
  await expect(page.getByText('10 × 8 columns = 80')).toBeVisible();
  await walk.picture('plan');
  await press(/^Start/);
  await walk.compared(80);
  await expectColumns(page);
  await walk.picture('comparison');

  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('row').filter({ hasText: 'Greeting' }).dblclick();
  await walk.frozen();
  for (const version of [2, 1]) {
    if (version === 1) {
      await press('History');
      await page.getByRole('row').filter({ hasText: 'v1' }).last().click();
    }
    await press(/^Labels/);
    await page.getByLabel('Move a label here').fill('production');
    await press('Move here');
    await expect.poll(() => inProduction(app)).toBe(version);
    await walk.picture(version === 2 ? 'promoted' : 'rolled-back');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});
