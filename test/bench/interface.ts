import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright';
import * as z from 'zod';
import { systemBrowser } from '../../scripts/lib/browser.mjs';
import { systemClock, uuidIds } from '../../src-main/core';
import type { Logger } from '../../src-main/ports';
import { openStore } from '../../src-main/store';
import { environmentOf } from './lib/comparison';
import { CLI, p95, temporaryFolder } from './lib/processes';
import { seedTemplates } from './seed-templates';
import { atMost, type Suite } from './suites';

const TEMPLATES = 100_000;
const REPEATS = 30;
const TYPED = 'refund triage';
const BROWSER = systemBrowser();
const SILENT: Logger = { log: () => undefined };

/** 100,000 templates in a real browser: from opening the screen to its rows, and from a key to the rows it leaves. */
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
    const server = spawn(process.execPath, [CLI, 'serve', '--port', '0'], {
      env: { ...process.env, ...environmentOf(folder.path) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const browser = await chromium.launch({
      ...(BROWSER !== undefined && { executablePath: BROWSER }),
      args: [
        '--no-sandbox',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    try {
      const line = await new Promise<string>((done) =>
        createInterface({ input: server.stdout }).once('line', done),
      );
      const { link } = z.object({ link: z.string() }).parse(JSON.parse(line));
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(link);
      await page.getByRole('grid', { name: 'Templates' }).waitFor();
      const opened = await measureOpening(page);
      const typed = await measureTyping(page);
      return [
        atMost('open the screen → first rows, P95', p95(opened), 'ms', 100),
        atMost('key → filtered rows, P95', p95(typed), 'ms', 80),
      ];
    } finally {
      await browser.close();
      server.kill('SIGKILL');
      folder.remove();
    }
  },
};

/** Goes away and comes back; the clock runs in the page, from the click to the first row after the next frame. */
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
              if (document.querySelectorAll('[role=grid] [role=row]').length > 2)
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

/** Types one character after the other; each time until the rows have changed and stand still for a frame. */
async function measureTyping(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const input = page.getByLabel('Search templates');
    await input.fill('');
    await page
      .getByText(/^98,000|^98.000/)
      .first()
      .waitFor();
    for (const key of TYPED) {
      await page.evaluate(() => {
        const grid = document.querySelector('[role=grid]')?.parentElement?.parentElement;
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
            // A key that leaves the same rows changes nothing on screen, and there is nothing to time.
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
