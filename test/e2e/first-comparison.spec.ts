import { expect, test } from './app.fixture';

test('a new user has a comparison of three models on screen in a few clicks', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'Templates' })).toBeVisible();
  await page.getByRole('button', { name: 'Try the sample comparison' }).click();
  await expect(page.getByRole('heading', { name: 'New comparison' })).toBeVisible();
  await page.getByRole('button', { name: /^Start/ }).click();

  const grid = page.getByRole('grid');
  await expect(grid).toBeVisible();
  await expect(page.getByText('Completed', { exact: true })).toBeVisible();
  await expect(page.getByText('29 of 30 succeeded · 1 failed')).toBeVisible();
  // Which one failed and why, without a click.
  await expect(page.getByText('1 failed: Invalid output')).toBeVisible();
  await expect(page.getByText('simulated').first()).toBeVisible();
  // What the sample is there to show: a disagreement, an answer that waits in Review, a model that moved.
  for (const text of [/"queue": ?"SAFETY"/, /Burning smell/, /so the customer will want a refund/])
    await expect(grid.getByText(text).first()).toBeVisible();
  // Every cell says what answered and what it cost; none is left half read.
  await expect(grid.getByText(/^\$0\.\d+ ·/).first()).toBeVisible();
  await expect(grid.getByText('Stored, parsing')).toHaveCount(0);

  // The comparison is kept: a reload shows the same cells.
  await expect(grid.getByRole('gridcell').nth(1)).toContainText(/\$0\.\d+ ·/);
  const first = await grid.getByRole('gridcell').nth(1).innerText();
  await page.reload();
  await expect(page.getByRole('grid').getByRole('gridcell').nth(1)).toHaveText(
    first.replaceAll(/\s+/g, ' ').trim(),
    { useInnerText: true },
  );
});

test('a cell opens with everything that is known about its run, by keyboard alone', async ({ app, page }) => {
  await page.getByRole('button', { name: 'Try the sample comparison' }).click();
  await expect(page.getByRole('heading', { name: 'New comparison' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Start/ })).toBeEnabled();
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByText('Completed', { exact: true })).toBeVisible();

  await expect(page.getByRole('grid')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('b');
  await expect(page.getByText('baseline', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Answer written by hand for this sample')).toBeVisible();
  await page.getByRole('tab', { name: 'Evidence' }).click();
  const { body } = await app.api('GET', '/v1/runs?limit=500');
  const hashes = (body as { items: { raw_response_sha256: string }[] }).items.map(
    (run) => run.raw_response_sha256,
  );
  const shows = async (): Promise<boolean> => {
    const shown = (await page.locator('main').innerText()).replaceAll(/\s/g, '');
    return hashes.some((hash) => shown.includes(hash));
  };
  await expect.poll(shows).toBe(true);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tab', { name: 'Evidence' })).toHaveCount(0);
});

test('what went wrong among repeats opens from the cell, and is what Errors shows', async ({ page }) => {
  await page.getByRole('button', { name: 'Try the sample comparison' }).click();
  await page.getByRole('button', { name: /^Start/ }).click();
  await expect(page.getByText('Completed', { exact: true })).toBeVisible();
  const grid = page.getByRole('grid');
  // One answer of two is not "alike", and two that differ are not either.
  await expect(grid.getByText('1 of 2 succeeded')).toBeVisible();
  await expect(grid.getByText('2 different')).toBeVisible();

  const panelSays = page.getByRole('heading', { name: 'claude-haiku-4-5-20251001' });
  await grid.getByRole('button', { name: '1 failed: Invalid output' }).click();
  await expect(panelSays).toBeVisible();
  await expect(page.getByText('Failed', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panelSays).toHaveCount(0);

  await page.getByText('Errors', { exact: true }).click();
  await expect(grid.getByRole('gridcell').nth(1)).toContainText('it begins with words, not with JSON');
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect(panelSays).toBeVisible();
});

test('a template of its own does not inherit the models that the sample rehearses with', async ({
  app,
  page,
}) => {
  await page.getByRole('button', { name: 'Try the sample comparison' }).click();
  await page.getByRole('button', { name: /^Start/ }).click();
  await expect(page.getByText('Completed', { exact: true })).toBeVisible();
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'City greeting',
    user_prompt_template: 'Say hello to {{ city }}.',
    model_id: 'gpt-4o',
    provider: 'practice-openai',
  });
  const { template_id } = body as { template_id: string };
  await page.goto(`${new URL(page.url()).origin}/#/compare/new?template=${template_id}`);
  await expect(page.getByRole('heading', { name: 'Columns (1)' })).toBeVisible();
  await expect(page.getByLabel('Repeats')).toHaveValue('1');
});
