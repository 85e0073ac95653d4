import type { Page } from '@playwright/test';
import { accessibilityProblemsInBothThemes, expect, test, type App } from './app.fixture';

interface Screen {
  readonly name: string;
  readonly path: string;
  /** What is on screen when it has finished loading. */
  readonly ready: (page: Page) => Promise<void>;
}

const heading = (name: string | RegExp) => (page: Page) =>
  expect(page.getByRole('heading', { name }).first()).toBeVisible();

const screens: readonly Screen[] = [
  { name: 'templates', path: '#/templates', ready: heading('Templates') },
  {
    name: 'new template',
    path: '#/templates/new',
    ready: async (page) => expect(page.locator('.cm-content').first()).toBeVisible(),
  },
  { name: 'comparisons', path: '#/compare', ready: heading(/Compar/) },
  { name: 'new comparison', path: '#/compare/new', ready: heading('New comparison') },
  { name: 'runs', path: '#/runs', ready: heading('Runs') },
  {
    name: 'review',
    path: '#/review',
    ready: async (page) => expect(page.getByText(/Nothing to review|Corrected output/).first()).toBeVisible(),
  },
  { name: 'versions', path: '#/versions', ready: heading(/No model has changed|Drift/) },
  { name: 'analytics', path: '#/analytics', ready: heading(/No real runs in this range/) },
  { name: 'providers', path: '#/providers', ready: heading('Providers') },
  { name: 'add a connection', path: '#/providers?connection=new', ready: heading('Providers') },
  { name: 'sync', path: '#/sync', ready: heading('Sync') },
  {
    name: 'connect a team database',
    path: '#/sync?connect=true',
    ready: async (page) => expect(page.getByRole('dialog').getByLabel('Host')).toBeVisible(),
  },
  { name: 'audit', path: '#/audit', ready: heading(/Audit/) },
  { name: 'settings', path: '#/settings', ready: heading('Settings') },
];

/** Templates, runs of every kind of end, and a comparison with failures and doubt. */
async function fill(app: App): Promise<{ templateId: string; batchId: string }> {
  const sample = await app.api('POST', '/v1/sample');
  const { template_ids, samples } = sample.body as {
    template_ids: string[];
    samples: { inputs: unknown[] }[];
  };
  const templateId = template_ids[0] ?? '';
  const started = await app.api('POST', `/v1/templates/${templateId}/batch-run`, {
    targets: [
      'gpt-4o',
      'gpt-4o@status=500',
      'gpt-4o@malformed',
      'gpt-4o@reset',
      'gpt-4o@refusal',
      'gpt-4o@hostile',
    ].map((model_id) => ({ provider: 'practice-openai', model_id })),
    inputs: samples[0]?.inputs,
  });
  const { batch_id } = started.body as { batch_id: string };
  await expect
    .poll(async () => ((await app.api('GET', `/v1/batches/${batch_id}`)).body as { status: string }).status)
    .toBe('completed');
  // A model that changed under the template, and a pin that the new version breaks.
  for (let time = 0; time < 2; time += 1)
    await app.api('POST', `/v1/templates/${templateId}/ensure-version`, {
      provider: 'practice-openai',
      model_id: 'gpt-4o@drift=1',
      force: true,
    });
  await app.api('POST', `/v1/templates/${templateId}/pin`, {
    provider: 'practice-openai',
    model_id: 'gpt-4o@drift=1',
    provider_version_key: 'gpt-4o-2024-08-06',
  });
  await app.api('POST', `/v1/templates/${templateId}/pin`, {
    provider_version_key: 'gpt-4o-2024-08-06',
    note: 'As reviewed',
  });
  await app.api('POST', '/v1/backups');
  await app.api('PUT', '/v1/sync/connection', {
    host: '127.0.0.1',
    port: 1,
    database: 'team',
    user: 'ada',
    password: 'not-a-password',
  });
  return { templateId, batchId: batch_id };
}

test.use({ colorScheme: 'light' });

test('every screen is accessible when it is empty', async ({ app, page }) => {
  // Each of many screens is looked at by axe, which takes its time on a busy machine.
  test.slow();
  for (const screen of screens) {
    await page.goto(`${app.url}/${screen.path}`);
    await screen.ready(page);
    expect(await accessibilityProblemsInBothThemes(page), screen.name).toEqual([]);
  }
});

test('every screen is accessible when it is full and when things failed', async ({ app, page }) => {
  // A walk through all of them, each read whole by axe.
  test.slow();
  const { templateId, batchId } = await fill(app);
  const full: readonly Screen[] = [
    ...screens,
    {
      name: 'a template',
      path: `#/templates/${templateId}`,
      ready: async (on) => expect(on.locator('.cm-content').first()).toBeVisible(),
    },
    {
      name: 'the history of a prompt, with a diff',
      path: `#/prompts/${templateId}?version=${templateId}&base=${templateId}`,
      ready: async (on) => expect(on.getByText('No differences.')).toBeVisible(),
    },
    {
      name: 'a prompt that does not exist',
      path: '#/prompts/none',
      ready: async (on) => expect(on.getByText(/No prompt/).first()).toBeVisible(),
    },
    {
      name: 'versions of a template',
      path: `#/versions?template=${templateId}`,
      ready: async (on) => {
        for (const state of ['Pinned', 'Mismatch', 'Drift'])
          await expect(on.getByText(state, { exact: true }).first()).toBeVisible();
      },
    },
    {
      name: 'versions of a template that does not exist',
      path: '#/versions?template=none',
      ready: async (on) => expect(on.getByText(/No template/).first()).toBeVisible(),
    },
    {
      name: 'an answer in review',
      path: '#/review',
      ready: async (on) => {
        await expect(on.getByRole('region', { name: 'The answer as text' })).toBeVisible();
        await expect(on.getByText('Nothing entered yet')).toBeVisible();
      },
    },
    {
      name: 'a review of a run that does not exist',
      path: '#/review?run=none',
      ready: async (on) => expect(on.getByText(/No run/).first()).toBeVisible(),
    },
    {
      name: 'a comparison',
      path: `#/compare/${batchId}`,
      ready: async (on) => expect(on.getByText('9 of 30 succeeded')).toBeVisible(),
    },
    {
      name: 'an audit entry',
      path: '#/audit?entry=1',
      ready: async (on) => expect(on.getByText('Unchanged since it was logged')).toBeVisible(),
    },
    {
      name: 'an audit entry that does not exist',
      path: '#/audit?entry=1000000',
      ready: async (on) => expect(on.getByText(/No audit entry/).first()).toBeVisible(),
    },
    {
      name: 'the checkpoint',
      path: '#/audit?checkpoint=true',
      ready: async (on) => expect(on.getByText(/held only in memory/)).toBeVisible(),
    },
    {
      name: 'analytics of practice runs',
      path: '#/analytics?practice=true&by=template',
      ready: heading('Breakdown'),
    },
    {
      name: 'analytics by hour',
      path: '#/analytics?practice=true&range=24h',
      ready: heading('Breakdown'),
    },
    {
      name: 'analytics as tables',
      path: '#/analytics?practice=true&by=connection',
      ready: async (on) => {
        await heading('Breakdown')(on);
        for (const chart of ['Cost by day and connection', 'Latency', 'How runs ended'])
          await on
            .getByRole('radiogroup', { name: `${chart}, as` })
            .getByText('Table')
            .click();
        await expect(on.getByRole('group', { name: 'Latency, table' })).toBeVisible();
      },
    },
    {
      name: 'analytics of a range that cannot be',
      path: '#/analytics?range=custom&from=2026-11-02&to=2026-11-01',
      ready: heading('The figures could not be loaded'),
    },
    {
      name: 'a template that does not exist',
      path: '#/templates/none',
      ready: async (on) => expect(on.getByText(/No template/).first()).toBeVisible(),
    },
    {
      name: 'sync with a team database that does not answer',
      path: '#/sync',
      ready: async (on) => {
        await expect(on.getByText('Nothing can be pushed at the moment')).toBeVisible();
        await expect(on.getByText('The team’s records could not be counted')).toBeVisible();
      },
    },
    {
      name: 'a comparison that does not exist',
      path: '#/compare/none',
      ready: async (on) => expect(on.getByText(/No comparison with/).first()).toBeVisible(),
    },
  ];
  for (const screen of full) {
    await page.goto(`${app.url}/${screen.path}`);
    await screen.ready(page);
    expect(await accessibilityProblemsInBothThemes(page), screen.name).toEqual([]);
  }
});

test('palette and help are accessible', async ({ page }) => {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
});

test('what axe would find is found', async ({ page }) => {
  await page.evaluate(() => {
    const title = document.querySelector('h1');
    if (title === null) throw new Error('the screen has no heading');
    title.style.color = 'light-dark(#000, #333)';
    title.append(document.createElement('img'));
  });
  const problems = await accessibilityProblemsInBothThemes(page);
  expect(problems.map((problem) => problem.replace(/ .*$/, ''))).toEqual(['image-alt:', 'dark:']);
});

test('hostile output is text and nothing else', async ({ app, page }) => {
  const { batchId } = await fill(app);
  await page.goto(`${app.url}/#/compare/${batchId}`);
  await expect(page.getByText(/of 30 succeeded/).first()).toBeVisible();
  // What the model wrote is shown as it is written, markup included …
  await expect(page.getByText(/<script|<img|onerror/i).first()).toBeVisible();
  // … and none of it has become part of the page.
  const made = await page.evaluate(() => ({
    images: document.querySelectorAll('img[onerror], img[src^="http"]').length,
    scripts: [...document.scripts].filter((script) => !script.src.startsWith(location.origin)).length,
    frames: document.querySelectorAll('iframe, object, embed').length,
  }));
  expect(made).toEqual({ images: 0, scripts: 0, frames: 0 });
});

const LISTS = new Set(['templates', 'comparisons', 'runs', 'audit', 'history']);

test('at 900 pixels nothing is cut off sideways, and no list scrolls sideways', async ({ app, page }) => {
  const { templateId } = await fill(app);
  await page.setViewportSize({ width: 900, height: 700 });
  const narrow: readonly Screen[] = [
    ...screens.map((screen) =>
      screen.name === 'versions' ? { ...screen, ready: heading('Versions') } : screen,
    ),
    { name: 'history', path: `#/prompts/${templateId}`, ready: heading(/./) },
    { name: 'versions of a template', path: `#/versions?template=${templateId}`, ready: heading(/./) },
  ];
  for (const screen of narrow) {
    await page.goto(`${app.url}/${screen.path}`);
    await screen.ready(page);
    const lists = page.locator('[role="grid"], [role="treegrid"]');
    if (LISTS.has(screen.name)) await expect(lists.first()).toBeVisible();
    const widths = await lists
      .or(page.locator('html'))
      .evaluateAll((all) => all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
    expect(Math.max(...widths), screen.name).toBeLessThanOrEqual(0);
  }
});
