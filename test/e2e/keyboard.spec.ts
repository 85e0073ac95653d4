import { expect, pressSequence, runCommand, test } from './app.fixture';
import { TEMPLATE } from './commands-data';

test('every command is listed in the palette; those that cannot run say why', async ({ page }) => {
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('>');
  const options = page.getByRole('option');
  for (const title of [
    'Go to Templates',
    'New template',
    'Freeze version',
    'New comparison',
    'Add connection',
    'Keyboard shortcuts',
  ]) {
    await expect(options.filter({ has: page.getByText(title, { exact: true }) }), title).toHaveCount(1);
  }
  const refused = page.locator('[role=option][aria-disabled=true]');
  await expect(refused).not.toHaveCount(0);
  // Kind, title, reason.
  await expect(refused.locator('span:nth-child(3):empty')).toHaveCount(0);
});

test('screens are reached by their keys, and single keys rest while one types', async ({ page }) => {
  for (const [keys, name] of [
    [['g', 'c'], /Compar/],
    [['g', 'r'], 'Runs'],
    [['g', 'p'], 'Providers'],
    [['g', 's'], 'Settings'],
    [['g', 't'], 'Templates'],
  ] as const) {
    await pressSequence(page, keys);
    await expect(page.getByRole('heading', { name }).first()).toBeVisible();
  }
  await page.keyboard.press('f');
  await expect(page.getByRole('searchbox', { name: 'Search templates' })).toBeFocused();
  await page.keyboard.type('gr?');
  await expect(page.getByRole('heading', { name: 'Templates' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('focus walks through every screen without a mouse and is always visible', async ({ app, page }) => {
  for (const path of ['#/templates', '#/compare/new', '#/runs', '#/providers', '#/settings']) {
    await page.goto(`${app.url}/${path}`);
    await expect(page.getByRole('heading').first()).toBeVisible();
    for (let step = 0; step < 15; step += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        // A radio button of a segmented control is drawn by its neighbour, the label.
        const drawn =
          element instanceof HTMLInputElement && element.type === 'radio' ? element.parentElement : element;
        const box = (drawn ?? element).getBoundingClientRect();
        return { size: box.width * box.height, name: element.outerHTML.slice(0, 120) };
      });
      if (focused !== null) expect(focused.size, `${path}: ${focused.name}`).toBeGreaterThan(0);
    }
  }
});

test('a dialog takes focus where it can be seen, and gives it back to where it was', async ({
  app,
  page,
}) => {
  await app.api('POST', '/v1/templates', TEMPLATE);
  const list = page.getByRole('treegrid', { name: 'Templates' });
  const dialog = page.getByRole('dialog');
  await list.focus();
  await page.keyboard.press('l');
  await expect(dialog.getByLabel('Move a label here')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(list).toBeFocused();
  // By way of the palette as well, which is a dialog itself.
  await runCommand(page, 'Labels…');
  await expect(dialog.getByLabel('Move a label here')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(list).toBeFocused();

  await page.goto(`${app.url}/#/sync`);
  const opener = page.getByRole('button', { name: 'Connect a team database…' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const password = dialog.getByLabel('Password', { exact: true });
  await password.focus();
  // The box is drawn around the field.
  await expect(password.locator('..')).toHaveCSS('outline-style', 'solid');
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
});

test('keys that move need no click first: a list moves on, a long screen scrolls', async ({ app, page }) => {
  for (const name of ['Second', 'First'])
    await app.api('POST', '/v1/templates', { ...TEMPLATE, name, user_prompt_template: `Greet ${name}.` });
  const rows = page.getByRole('treegrid', { name: 'Templates' }).getByRole('row');
  await page.goto(`${app.url}/#/templates`);
  await expect(rows).toHaveCount(3);
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(2)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('treegrid', { name: 'Templates' })).toBeFocused();

  await page.setViewportSize({ width: 900, height: 420 });
  await page.goto(`${app.url}/#/settings`);
  const content = page.getByRole('group', { name: 'Settings', exact: true });
  await expect(content.getByRole('button', { name: 'Back up now' })).toBeAttached();
  await page.keyboard.press('PageDown');
  await expect.poll(() => content.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
});

test('a palette opened before its screen is ready offers the commands once they can be run', async ({
  app,
  page,
}) => {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Slow to open',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Greet the city.',
  });
  const { template_id } = body as { template_id: string };
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((done) => (letGo = done));
  await page.route('**/rpc/templates/get', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${app.url}/#/templates/${template_id}`);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('>e');
  await page.keyboard.press('ArrowDown');
  const selected = page.getByRole('option', { selected: true });
  const [, chosen = ''] = (await selected.innerText()).split('\n');
  expect(chosen).not.toBe('');
  const check = page.getByRole('option').filter({ hasText: 'Check model version now' });
  await expect(check).toHaveAttribute('aria-disabled', 'true');
  letGo();
  await expect(check).toHaveAttribute('aria-disabled', 'false');
  // What was chosen stays chosen, wherever it is in the list now.
  await expect(selected).toContainText(chosen);
});
