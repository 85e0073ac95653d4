import type { Locator } from '@playwright/test';
import { expect, test } from './app.fixture';
import { TEMPLATE } from './commands-data';

const background = (place: Locator): Promise<string> =>
  place.evaluate((element) => getComputedStyle(element).backgroundColor);

test.use({ colorScheme: 'dark' });

test('small things stay where they belong: clear buttons, notes beside amounts, tips beside the rail', async ({
  app,
  page,
}) => {
  const { body } = await app.api('POST', '/v1/templates', TEMPLATE);
  const { template_id } = body as { template_id: string };
  await page.goto(`${app.url}/#/compare/new?template=${template_id}`);

  // A button that clears a field has its field's colour.
  const field = page.getByRole('combobox', { name: /^Connection of column 1|^Provider of column 1/ });
  await expect(field).toBeVisible();
  const clear = page.locator('.mantine-InputClearButton-root').first();
  await expect(clear).toBeVisible();
  expect(await background(clear)).toBe(await background(field));

  // What an amount is said with is on its line.
  const note = page.getByText('simulated, not spend');
  await expect(note).toBeVisible();
  const offset = await note.evaluate((element) => {
    const range = document.createRange();
    range.selectNode(element.previousSibling ?? element);
    const middle = ({ top, bottom }: DOMRect): number => (top + bottom) / 2;
    return middle(element.getBoundingClientRect()) - middle(range.getBoundingClientRect());
  });
  expect(Math.abs(offset)).toBeLessThan(2);

  // A tip of the rail leaves the screen's title to be read.
  await page.goto(`${app.url}/#/templates`);
  await page.getByRole('link', { name: 'Templates' }).hover();
  const tip = page.getByRole('tooltip');
  await expect(tip).toBeVisible();
  const [over, title] = await Promise.all([
    tip.boundingBox(),
    page.getByRole('heading').first().boundingBox(),
  ]);
  expect(over && title && over.y >= title.y + title.height).toBe(true);
});

test('each line of an answer is at the side where its script begins', async ({ app, page }) => {
  const { body } = await app.api('POST', '/v1/templates', {
    ...TEMPLATE,
    user_prompt_template: 'Latin line\nسطر عربي',
  });
  const { template_id } = body as { template_id: string };
  await page.goto(`${app.url}/#/compare/new?template=${template_id}`);
  const text = page.locator('pre', { hasText: 'Latin line' });
  await expect(text).toBeVisible();
  const ends = await text.evaluate((pre) => {
    const node = pre.firstChild;
    const box = pre.getBoundingClientRect();
    const edges = (from: number, to: number): readonly number[] => {
      const range = document.createRange();
      if (!node) return [];
      range.setStart(node, from);
      range.setEnd(node, to);
      const line = range.getBoundingClientRect();
      return [line.left - box.left, box.right - line.right];
    };
    return { latin: edges(0, 10), arabic: edges(11, 19) };
  });
  expect(ends.latin[0]).toBeLessThan(20);
  expect(ends.arabic[1]).toBeLessThan(20);
});
