import type { Page } from 'playwright';
import { systemClock, uuidIds } from '../../src-main/core';
import type { Logger } from '../../src-main/ports';
import { openStore } from '../../src-main/store';
import { p95, temporaryFolder } from './lib/processes';
import { launchBrowser, startServing } from './lib/serving';
import { seedTemplates } from './seed-templates';
import { atMost, type Suite } from './suites';

const TEMPLATES = 100_000;
const REPEATS = 30;
const TYPED = 'refund triage';
const SILENT: Logger = { log: () => undefined };

/**
 * 100,000 templates in 30,000 prompts, in a real browser: from opening the screen to its first rows, and from a keystroke to the
 * filtered rows.
 */
export const interfaceSpeed: Suite = {
  name: 'interface: 100,000 templates in Chromium',
  async run(log) {
    const folder = temporaryFolder();
    log(`seeding ${TEMPLATES} templates`);
    const store = openStore({
      home: folder.path,
      ids: uuidIds,
      clock: systemClock,
      logger: SILENT,
      appVersion: 'bench',
    });
    seedTemplates(store, { count: TEMPLATES, ids: uuidIds });
    store.close();
    const server = await startServing(folder.path);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(server.link);
      await page.getByRole('treegrid', { name: 'Templates' }).waitFor();
      const opened = await measureOpening(page);
      const typed = await measureTyping(page);
      return [
        atMost('open the screen → first rows, P95', p95(opened), 'ms', 100),
        atMost('key → filtered rows, P95', p95(typed), 'ms', 80),
      ];
    } finally {
      await browser.close();
      server.stop();
      folder.remove();
    }
  },
};

/** Leaves the screen and returns; timed within the page, from the click to the frame that shows the first row. */
async function measureOpening(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < REPEATS; round += 1) {
    await page.evaluate(() => {
      location.hash = '#/settings';
    });
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    times.push(
      await page.evaluate(
        () =>
          new Promise<number>((done) => {
            const startedAt = performance.now();
            const look = (): void => {
              if (document.querySelectorAll('[role=treegrid] [role=row]').length > 2)
                done(performance.now() - startedAt);
              else requestAnimationFrame(look);
            };
            location.hash = '#/templates';
            requestAnimationFrame(look);
          }),
      ),
    );
  }
  return times;
}

/** Types character by character; times each until the rows have changed and are stable for a frame. */
async function measureTyping(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const input = page.getByLabel('Search templates');
    await input.fill('');
    await page
      .getByText(/^30,000|^30.000/)
      .first()
      .waitFor();
    for (const key of TYPED) {
      await page.evaluate(() => {
        const grid = document.querySelector('[role=treegrid]')?.parentElement?.parentElement;
        if (!grid) throw new Error('no grid');
        let startedAt = 0;
        addEventListener('input', () => (startedAt = performance.now()), { capture: true, once: true });
        Reflect.set(
          window,
          'benchTyped',
          new Promise<number>((done) => {
            const observer = new MutationObserver(() => {
              if (startedAt === 0) return;
              observer.disconnect();
              requestAnimationFrame(() => done(performance.now() - startedAt));
            });
            // A key that leaves the rows unchanged gives nothing to time.
            setTimeout(() => done(-1), 1000);
            observer.observe(document.querySelector('main') ?? grid, {
              subtree: true,
              childList: true,
              characterData: true,
            });
          }),
        );
      });
      await input.press(key === ' ' ? 'Space' : key);
      const time = await page.evaluate(() => Reflect.get(window, 'benchTyped') as Promise<number>);
      if (time >= 0) times.push(time);
    }
  }
  return times;
}
