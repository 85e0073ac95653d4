import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type axeCore from 'axe-core';
import { expect, test as base, type Page } from '@playwright/test';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');

type RunOnly = NonNullable<axeCore.RunOptions['runOnly']>;

declare global {
  interface Window {
    readonly axe: typeof axeCore;
  }
}

export interface App {
  readonly url: string;
  readonly token: string;
  readonly home: string;
  /** Calls the loopback API as a script would. */
  api(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again at the same address on the same store. Returns its one-time link. */
  restart(): Promise<string>;
}

interface Ready {
  readonly url: string;
  readonly token: string;
  readonly link: string;
}

async function serve(home: string, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [CLI, 'serve'], {
    env: { ...process.env, PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const ready = await new Promise<Ready>((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line) as Ready));
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}: ${errors.join('')}`)));
  });
  return {
    ready,
    async end(signal: NodeJS.Signals): Promise<void> {
      child.kill(signal);
      await ended;
    },
  };
}

/** `prompter serve` on a store of its own, and a page that is signed in by the one-time link. */
export const test = base.extend<{ app: App; page: Page; environment: Readonly<Record<string, string>> }>({
  /** Variables that the app is started with besides its own. */
  environment: [{}, { option: true }],

  app: async ({ environment }, use) => {
    const home = mkdtempSync(join(tmpdir(), 'prompter-e2e-'));
    let server = await serve(home, environment);
    const { ready } = server;
    links.set(ready.url, ready.link);
    await use({
      url: ready.url,
      token: ready.token,
      home,
      async api(method, path, body) {
        const response = await fetch(`${ready.url}${path}`, {
          method,
          headers: { authorization: `Bearer ${ready.token}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: response.status, body: (await response.json()) as unknown };
      },
      kill: () => server.end('SIGKILL'),
      async restart() {
        server = await serve(home, environment);
        return server.ready.link;
      },
    });
    await server.end('SIGTERM');
    rmSync(home, { recursive: true, force: true });
  },

  page: async ({ app, page }, use) => {
    const violations: string[] = [];
    const outside: string[] = [];
    const crashes: string[] = [];
    await page.exposeFunction('reportViolation', (text: string) => violations.push(text));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const report: unknown = Reflect.get(window, 'reportViolation');
        if (typeof report === 'function')
          report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') outside.push(request.url());
    });
    page.on('pageerror', (error) => crashes.push(String(error)));
    const link = links.get(app.url);
    if (link === undefined) throw new Error('the server printed no link');
    await page.goto(link);
    // Keys and clicks mean something once a screen is there.
    await expect(page.getByRole('heading').first()).toBeVisible();
    await use(page);
    expect(violations, 'content security policy violations').toEqual([]);
    expect(outside, 'requests that leave this machine').toEqual([]);
    expect(crashes, 'uncaught errors in the page').toEqual([]);
  },
});

/** One-time links by server: a link is used once, so it is not part of what tests may see. */
const links = new Map<string, string>();

export { expect };

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG: RunOnly = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};

/** Every violation of WCAG 2.2 A and AA that axe finds, as one line each. */
export function accessibilityProblems(page: Page): Promise<string[]> {
  return axe(page, WCAG);
}

/** The same in the light theme, and what of it is of colours in the dark one: nothing else differs. */
export async function accessibilityProblemsInBothThemes(page: Page): Promise<string[]> {
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'light');
  const problems = await accessibilityProblems(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'dark');
  const inDark = await axe(page, { type: 'rule', values: ['color-contrast'] });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...problems, ...inDark.map((problem) => `dark: ${problem}`)];
}

/** Sends axe to a page once, and takes back what it found alone: `@axe-core/playwright` sends all of it for each look. */
async function axe(page: Page, runOnly: RunOnly): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE_SOURCE);
  return page.evaluate(async (only) => {
    const { violations } = await window.axe.run({ runOnly: only, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`),
    );
  }, runOnly);
}

/** A sequence such as `g t`: its keys belong together in time, so the second does not wait for the first's answer. */
export async function pressSequence(page: Page, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/** Runs a command of the palette, by keys alone. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await chooseCommand(page, title);
  await page.keyboard.press('Enter');
}

/** Chooses a command of the palette once it can be run: a screen registers its commands as it loads. */
export async function chooseCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search templates, runs and commands' }).fill(`>${title}`);
  const option = page.getByRole('option').filter({ has: page.getByText(title, { exact: true }) });
  await expect(option).toHaveAttribute('aria-disabled', 'false');
  // Others may begin with the same words, and come and go while the screen behind loads.
  await expect(async () => {
    if ((await option.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
    expect(await option.getAttribute('aria-selected')).toBe('true');
  }).toPass({ intervals: [0] });
}
