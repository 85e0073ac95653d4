import type { Page } from '@playwright/test';
import { expect, pressSequence, runCommand, test } from './app.fixture';

const ROUTES = [
  ['Compare', 'c'],
  ['Runs', 'r'],
  ['Review', 'q'],
  ['Versions', 'v'],
  ['Analytics', 'a'],
  ['Providers', 'p'],
  ['Audit', 'u'],
  ['Sync', 'y'],
  ['Settings', 's'],
  // The one that is shown at first: opened last, it is always another.
  ['Templates', 't'],
] as const;

/** Where focus is: on the heading or in the content of the screen that is shown. */
const hasFocus = (page: Page, name: string) =>
  expect(async () => {
    const where = await page.evaluate(() => ({
      isInside: document.activeElement?.closest('main section') !== null,
      heading: document.querySelector('main h1')?.textContent,
      link: document.querySelector('nav a[aria-current="page"]')?.getAttribute('aria-label'),
    }));
    expect(where).toEqual({ isInside: true, heading: expect.anything() as unknown, link: name });
  }).toPass();

test('every screen takes focus, by the rail, by the palette and by keys; what is typed next acts on it', async ({
  page,
}) => {
  const rail = page.getByRole('navigation', { name: 'Screens' });
  for (const [name] of ROUTES) {
    await rail.getByRole('link', { name, exact: true }).click();
    await hasFocus(page, name);
  }
  for (const [name] of ROUTES) {
    await runCommand(page, `Go to ${name}`);
    await hasFocus(page, name);
  }
  for (const [name, key] of ROUTES) {
    await pressSequence(page, ['g', key]);
    await hasFocus(page, name);
  }

  // A screen that begins with a field: letters are a name, though each of them is a shortcut elsewhere.
  for (const open of [() => page.keyboard.press('n'), () => runCommand(page, 'New template')]) {
    await rail.getByRole('link', { name: 'Runs', exact: true }).click();
    await hasFocus(page, 'Runs');
    await open();
    const field = page.getByRole('textbox', { name: 'Name', exact: true });
    await expect(field).toBeFocused();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('gcn?');
    await expect(field).toHaveValue('gcn?');
    await expect(page).toHaveURL(/#\/templates\/new(\?draft=\w+)?$/);
  }
});

test('a letter is no shortcut while nothing has focus', async ({ page }) => {
  await hasFocus(page, 'Templates');
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.keyboard.press('n');
  await page.keyboard.press('?');
  await pressSequence(page, ['g', 'r']);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await expect(page).toHaveURL(/#\/templates$/);
});
