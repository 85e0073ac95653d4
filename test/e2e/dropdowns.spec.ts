import { expect, test } from './app.fixture';
import { TEMPLATE } from './commands-data';

/** The window, and the same window at 200 %. */
const SIZES = [
  { width: 1440, height: 900 },
  { width: 900, height: 700 },
  { width: 720, height: 450 },
] as const;

const SCREENS = ['templates/new', 'compare/new', 'runs', 'versions', 'analytics', 'audit', 'settings'];

test('open lists show no strips of a second scrollbar, and their last row in full', async ({ app, page }) => {
  test.slow();
  for (let index = 0; index < 12; index += 1)
    await app.api('POST', '/v1/templates', {
      ...TEMPLATE,
      name: `Greeting ${index}`,
      user_prompt_template: `Greet city ${index}.`,
    });
  let opened = 0;
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const screen of SCREENS) {
      // From elsewhere: a heading or a field of the screen before would be taken for this one's.
      await page.goto('about:blank');
      await page.goto(`${app.url}/#/${screen}`);
      await expect(page.getByRole('heading').first()).toBeVisible();
      const fields = page.getByRole('main').getByRole('combobox');
      // Fields come and go while a screen loads.
      for (let index = 0; index < (await fields.count()); index += 1) {
        await fields.nth(index).click();
        const list = page.getByRole('listbox').filter({ visible: true });
        // A field that completes what is typed has nothing to offer yet.
        if ((await list.getByRole('option').count()) > 0) {
          opened += 1;
          const where = `${screen}, field ${index + 1} at ${size.width}`;
          // Models are listed as they are read: the last row may move while it is looked at.
          await expect(async () => {
            await list.getByRole('option').last().scrollIntoViewIfNeeded();
            expect(await list.evaluate(measure), where).toEqual({ strips: [0, 0], cut: 0 });
          }).toPass({ intervals: [100] });
        }
        await page.keyboard.press('Escape');
      }
    }
  }
  expect(opened).toBeGreaterThan(SIZES.length * 6);
});

/** What the system's scrollbars take of a list's viewport, and what its lower edge takes of the last row. */
function measure(list: Element): { strips: readonly number[]; cut: number } {
  const viewport =
    list.closest('.mantine-ScrollArea-viewport') ?? list.querySelector('.mantine-ScrollArea-viewport');
  const rows = list.querySelectorAll('[role="option"]');
  const last = rows.item(rows.length - 1).getBoundingClientRect();
  const box = (viewport ?? list).getBoundingClientRect();
  const element = viewport instanceof HTMLElement ? viewport : null;
  return {
    strips: element
      ? [element.offsetWidth - element.clientWidth, element.offsetHeight - element.clientHeight]
      : [0, 0],
    cut: Math.max(0, Math.floor(last.bottom - Math.min(box.bottom, innerHeight))),
  };
}
