import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { accessibilityProblems, expect, test } from './app.fixture';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a window that lost its session signs in with a token or a link (${colorScheme})`, async ({
    app,
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await page.goto(app.url);
    const field = page.getByLabel('Link or token');
    await expect(field).toBeFocused();
    const boxes = [field, page.getByRole('button', { name: 'Sign in' })].map((each) => each.boundingBox());
    const [fieldBox, buttonBox] = await Promise.all(boxes);
    expect([buttonBox?.y, buttonBox?.height]).toEqual([fieldBox?.y, fieldBox?.height]);
    expect(await accessibilityProblems(page)).toEqual([]);

    await field.fill('not the token');
    await page.keyboard.press('Enter');
    await expect(page.getByText('neither a link nor a token')).toBeVisible();
    await field.fill('another-token');
    await page.keyboard.press('Enter');
    await expect(page.getByText('not for the Prompter that is running')).toBeVisible();
    await field.fill('https://elsewhere.example/open?code=x');
    await page.keyboard.press('Enter');
    await expect(page.getByText('leads to another machine')).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);

    await field.fill(app.token);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('navigation').first()).toBeVisible();

    await context.clearCookies();
    await page.reload();
    const { stdout } = spawnSync(process.execPath, [CLI, 'link'], {
      env: { ...process.env, PROMPTER_HOME: app.home },
      encoding: 'utf8',
    });
    await page.getByLabel('Link or token').fill(stdout);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('navigation').first()).toBeVisible();
    await context.close();
  });
}
