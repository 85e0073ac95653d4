import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, test, type App } from './app.fixture';

interface Wanted {
  readonly models: readonly string[];
  readonly inputs: readonly string[];
  readonly replicates?: number;
  readonly concurrency?: number;
}

async function start(app: App, { models, inputs, replicates = 1, concurrency }: Wanted): Promise<string> {
  const { body: template } = await app.api('POST', '/v1/templates', {
    name: 'Greeting',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Greet {{ city }}.',
  });
  const { template_id } = template as { template_id: string };
  const { body } = await app.api('POST', `/v1/templates/${template_id}/batch-run`, {
    targets: models.map((model_id) => ({ provider: 'practice-openai', model_id })),
    inputs: inputs.map((city) => ({ city })),
    replicates,
    concurrency,
  });
  return (body as { batch_id: string }).batch_id;
}

async function openFinished(app: App, page: Page, wanted: Wanted): Promise<void> {
  const batchId = await start(app, wanted);
  await page.goto(`${app.url}/#/compare/${batchId}`);
  await expect(page.getByText('Completed', { exact: true })).toBeVisible();
}

test('a comparison is downloaded whole, and no cell of it is a formula', async ({ app, page }) => {
  const inputs = ['=1+1', 'Bremen, "Hof"', ...Array.from({ length: 120 }, (_, index) => `City ${index}`)];
  await openFinished(app, page, { models: ['gpt-4o', 'gpt-4o@hostile'], inputs });
  const download = async (name: string): Promise<string> => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name, exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^Greeting-[0-9a-f]{6}\.(csv|json)$/);
    return readFile(await file.path(), 'utf8');
  };
  const rows: Record<string, string>[] = parse(await download('CSV'), { columns: true });
  expect(rows).toHaveLength(2 * inputs.length);
  expect(rows[0]?.['input.city']).toBe("'=1+1");
  expect(rows[2]?.['input.city']).toBe('Bremen, "Hof"');
  expect(
    rows.every(
      (row) => row['status'] === 'succeeded' && /^[0-9a-f]{64}$/.test(row['raw_response_sha256'] ?? ''),
    ),
  ).toBe(true);
  expect(rows.flatMap((row) => Object.values(row)).filter((value) => /^[=+@]/.test(value))).toEqual([]);
  const document = JSON.parse(await download('JSON')) as { rows: { cells: unknown[] }[] };
  expect(document.rows.map((row) => row.cells.length)).toEqual(inputs.map(() => 2));
});

test('a column whose calls all failed does not claim that they cost nothing', async ({ app, page }) => {
  await openFinished(app, page, { models: ['gpt-4o@status=400', 'gpt-4o'], inputs: ['Hof'] });
  const columns = page.getByRole('columnheader');
  await expect(columns.nth(1)).toContainText('1 failed');
  await expect(columns.nth(1)).not.toContainText('$');
  await expect(columns.nth(2)).toContainText('$');
});

test('the last cell of a long comparison is a key away, and so is the first', async ({ app, page }) => {
  const inputs = Array.from({ length: 60 }, (_, index) => `City ${index}`);
  await openFinished(app, page, {
    models: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'o3', 'gpt-5'],
    inputs,
    replicates: 2,
  });
  const grid = page.getByRole('grid');
  const active = page.locator('[role=gridcell][aria-selected=true]');
  await grid.focus();
  for (const [key, row] of [
    ['Control+End', '60'],
    ['Control+Home', '1'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('row').filter({ has: active }).getByRole('rowheader')).toContainText(
      new RegExp(`^${row}× 2`),
    );
    await expect(active).toBeInViewport({ ratio: 0.9 });
  }
  // Scrolled away with the wheel, the next arrow comes back to where the keyboard is.
  await grid.evaluate((element) => element.scrollTo({ top: 4000, left: 700 }));
  await page.keyboard.press('ArrowDown');
  await expect(active).toBeInViewport({ ratio: 0.9 });
});

test('what is cancelled is not offered to be resumed', async ({ app, page }) => {
  const batchId = await start(app, {
    models: ['gpt-4o@latency=300', 'gpt-4o@status=400'],
    inputs: Array.from({ length: 200 }, (_, index) => `City ${index}`),
    // Half a minute of work: a slow machine still finds it running.
    concurrency: 2,
  });
  await page.goto(`${app.url}/#/compare/${batchId}`);
  await page.getByRole('button', { name: 'Cancel rest' }).click();
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^(Resume|Retry)/ })).toHaveCount(0);
  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+End');
  await expect(page.getByText('not run').last()).toBeVisible();
});

test('a comparison that is being put together survives a reload and a look elsewhere', async ({
  app,
  page,
}) => {
  await start(app, { models: ['gpt-4o'], inputs: ['Hof'] });
  await page.goto(`${app.url}/#/compare/new`);
  await page.getByRole('combobox', { name: 'Template' }).click();
  await page.getByRole('option', { name: 'Greeting' }).click();
  // The template's own model on its own provider is the first that is compared.
  await expect(page.getByRole('combobox', { name: 'Model of column 1' })).toHaveValue('gpt-4o');
  await expect(page.getByRole('combobox', { name: 'Connection of column 1' })).toHaveValue('practice-openai');
  await page.getByRole('textbox', { name: 'city, row 1' }).fill('Bremen');
  await page.getByRole('button', { name: 'Add column' }).click();
  await expect(page.getByRole('combobox', { name: 'Model of column 2' })).toBeFocused();
  await page.getByRole('combobox', { name: 'Model of column 2' }).fill('gpt-4o-mini');
  const isThere = async (): Promise<void> => {
    await expect(page.getByRole('textbox', { name: 'city, row 1' })).toHaveValue('Bremen');
    await expect(page.getByRole('combobox', { name: 'Model of column 2' })).toHaveValue('gpt-4o-mini');
  };
  await page.reload();
  await isThere();
  await page.goto(`${app.url}/#/runs`);
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
  await page.goBack();
  await isThere();
  await page.goto(`${app.url}/#/runs`);
  await page.keyboard.press('c');
  await isThere();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByText('Choose a template.', { exact: true })).toBeVisible();
  // A whole plan is a lot to lose to one click.
  await page.getByRole('button', { name: 'Restore' }).click();
  await isThere();
  await expect(page.getByRole('button', { name: 'Clear' })).toBeFocused();
});

test('a column says what it adds up to and how it differs from the baseline; rows are sorted, searched and narrowed by keys', async ({
  app,
  page,
}) => {
  const inputs = Array.from({ length: 24 }, (_, index) => `City ${index}`);
  await openFinished(app, page, {
    models: ['gpt-4o', 'gpt-4o-mini@latency=700', 'gpt-4o@status=400'],
    inputs,
  });
  const columns = page.getByRole('columnheader');
  await expect(columns.nth(1)).toContainText('24/24 succeeded');
  await expect(columns.nth(1)).toContainText(/P50 \S+ .*P95 \d/);
  await expect(columns.nth(1)).toContainText(/[\d,]+ tok · \$/);
  await expect(columns.nth(3)).toContainText('0/24 succeeded');
  const grid = page.getByRole('grid');
  await grid.focus();
  await page.keyboard.press('b');
  // Never by colour alone.
  await expect(columns.nth(2)).toContainText(/\$ -\d+%, cheaper than the baseline/);
  await expect(columns.nth(2)).toContainText(/slower than the baseline/);
  // Without an answer nothing is known to be cheaper.
  await expect(columns.nth(3)).not.toContainText('$');
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.keyboard.press('h');
  await expect(columns).toHaveCount(3);
  await page.keyboard.press('i');
  await expect(columns).toHaveCount(4);

  const height = async (): Promise<number> => (await page.getByRole('row').nth(1).boundingBox())?.height ?? 0;
  const before = await height();
  await page.keyboard.press('z');
  expect(await height()).toBeGreaterThan(before);

  await page.keyboard.press('q');
  await expect(page.getByRole('combobox', { name: 'Sort rows' })).toHaveValue('Slowest first');
  await page.keyboard.press('f');
  await expect(page.getByRole('textbox', { name: 'Search in outputs' })).toBeFocused();
  await page.keyboard.type('no answer says this');
  await expect(page.getByText('Nothing matches “no answer says this”')).toBeVisible();
  await page.getByRole('button', { name: /^Show all rows/ }).click();
  await expect(page.getByRole('gridcell').first()).toBeVisible();
});

test('repeats stand in one row that says how many are alike and how many failed, until they are unfolded', async ({
  app,
  page,
}) => {
  await openFinished(app, page, {
    models: ['gpt-4o', 'gpt-4o@status=400'],
    inputs: Array.from({ length: 40 }, (_, index) => `City ${index}`),
    replicates: 3,
  });
  const grid = page.getByRole('grid');
  const rowOf = (input: number) =>
    grid.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${input} `) }) });
  await expect(grid).toHaveAttribute('aria-rowcount', '41');
  await expect(rowOf(1)).toHaveCount(1);
  await expect(rowOf(1).getByRole('gridcell').first()).toContainText('3 of 3 alike');
  await expect(rowOf(1).getByRole('gridcell').last()).toContainText('3 failed');

  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await expect(grid).toHaveAttribute('aria-rowcount', '43');
  await expect(rowOf(2)).toContainText(['repeat 1 of 3', 'repeat 2 of 3', 'repeat 3 of 3']);
  // Far away and back, the row is as it was left.
  await page.keyboard.press('Control+End');
  await expect(rowOf(40)).toBeInViewport();
  await page.keyboard.press('Control+Home');
  await expect(rowOf(2)).toHaveCount(3);

  await rowOf(2).last().getByRole('button', { name: 'repeat 3 of 3' }).click();
  await expect(rowOf(2)).toHaveCount(1);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityProblems(page)).toEqual([]);
  }
});
