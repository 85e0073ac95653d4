import { accessibilityProblems, expect, test } from './app.fixture';

test('a screen whose code cannot be fetched says so, and opens once it can be', async ({ page }) => {
  let held = true;
  await page.route(/\/assets\/(audit|sync|settings)-/, (route) => (held ? route.abort() : route.continue()));
  for (const [link, title] of [
    ['Audit', 'Audit'],
    ['Settings', 'Settings'],
  ] as const) {
    held = true;
    await page.getByRole('navigation').getByRole('link', { name: link }).click();
    await expect(page.getByRole('heading', { name: 'This screen could not be loaded' })).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
    held = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }
});
