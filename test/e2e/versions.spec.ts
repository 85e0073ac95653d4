import type { Page } from '@playwright/test';
import {
  accessibilityProblems,
  accessibilityProblemsInBothThemes,
  expect,
  runCommand,
  test,
  type App,
} from './app.fixture';

const FIRST = 'gpt-4o-2024-08-06';

interface Wanted {
  readonly name: string;
  readonly model_id: string;
  /** How often the version is asked for. */
  readonly checks?: number;
  readonly pin?: string;
}

/** A template on a practice model whose version was looked at, and pinned where that is wanted. */
async function makeTemplate(app: App, { name, model_id, checks = 1, pin }: Wanted): Promise<string> {
  const { body } = await app.api('POST', '/v1/templates', {
    name,
    provider: 'practice-openai',
    model_id,
    user_prompt_template: `${name}: greet the city in one sentence.`,
  });
  const { template_id } = body as { template_id: string };
  for (let time = 0; time < checks; time += 1)
    await app.api('POST', `/v1/templates/${template_id}/ensure-version`, { force: true });
  if (pin !== undefined)
    await app.api('POST', `/v1/templates/${template_id}/pin`, { provider_version_key: pin });
  return template_id;
}

async function open(app: App, page: Page, path: string): Promise<void> {
  await page.goto(`${app.url}/#/${path}`);
  await expect(page.getByRole('heading').first()).toBeVisible();
}

/** The entry of the timeline that is about a version. */
const entry = (page: Page, version: string | RegExp) =>
  page
    .getByRole('listitem')
    .filter({ has: page.getByText(version) })
    .filter({ hasText: 'first seen' });

/** A state is a word with an icon beside it, so that it is read without colour. */
async function expectState(page: Page, version: string | RegExp, state: string): Promise<void> {
  const badge = entry(page, version).getByText(state, { exact: true });
  await expect(badge).toBeVisible();
  await expect(badge.locator('svg')).toHaveCount(1);
}

test('a version is pinned with a note and unpinned again by the keyboard alone', async ({ app, page }) => {
  const template = await makeTemplate(app, { name: 'Greeting', model_id: 'gpt-4o' });
  await open(app, page, `versions?template=${template}`);
  await expect(page.getByText('Not pinned: any version is accepted.')).toBeVisible();

  await page.keyboard.press('p');
  await expect(page.getByRole('textbox', { name: 'Note' })).toBeFocused();
  await page.keyboard.type('As reviewed in May');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Pin', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText('As reviewed in May')).toBeVisible();
  await expectState(page, FIRST, 'Pinned');
  const { body: pinned } = await app.api('GET', `/v1/templates/${template}/pins`);
  expect(pinned).toMatchObject({ effective: FIRST, items: [{ note: 'As reviewed in May' }] });

  await runCommand(page, 'Unpin…');
  await expect(page.getByRole('dialog', { name: 'Unpin the template?' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Note' })).toBeFocused();
  await page.keyboard.type('Any will do');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Any will do')).toBeVisible();
  await expectState(page, FIRST, 'Seen');
  const { body: after } = await app.api('GET', `/v1/templates/${template}/pins`);
  expect(after).toMatchObject({ effective: null, items: [{ note: 'Any will do' }, {}] });
});

test('each state of a version is said in words and by an icon', async ({ app, page }) => {
  const shown = [
    [{ name: 'Held', model_id: 'gpt-4o', pin: FIRST }, FIRST, 'Pinned'],
    [{ name: 'Moved', model_id: 'gpt-4o@drift=1', checks: 2 }, /gpt-4o-2026/, 'Drift'],
    [{ name: 'Broken', model_id: 'gpt-4o', pin: 'gpt-4o-2024-05-13' }, FIRST, 'Mismatch'],
    [{ name: 'Alias', model_id: 'gpt-4o@echo=gpt-4o' }, 'gpt-4o', 'Unverified'],
  ] as const;
  for (const [wanted, version, state] of shown) {
    const template = await makeTemplate(app, wanted);
    await open(app, page, `versions?template=${template}`);
    await expectState(page, version, state);
    expect(await accessibilityProblemsInBothThemes(page), state).toEqual([]);
  }
});

test('a comparison that pauses for drift shows both pieces of evidence and goes on when told to', async ({
  app,
  page,
}) => {
  // The check and two cells, another version for three, then a third one.
  const template = await makeTemplate(app, { name: 'Moving', model_id: 'gpt-4o@drift=3' });
  await open(app, page, `compare/new?template=${template}`);
  await expect(page.getByRole('combobox', { name: 'Model of column 1' })).toHaveValue('gpt-4o@drift=3');
  await page.getByRole('textbox', { name: 'Repeats' }).fill('7');
  await page.getByRole('textbox', { name: 'Calls at once' }).fill('1');
  await page.getByRole('combobox', { name: 'If a model changes' }).click();
  await page.getByRole('option', { name: 'Pause and ask' }).click();
  await page.getByRole('button', { name: /^Start/ }).click();

  const banner = page.getByRole('region', { name: 'Model drift' });
  await expect(banner.getByText('Drift', { exact: true }).locator('svg')).toHaveCount(1);
  await expect(banner.getByText(/A model changed during this comparison, so it paused/)).toBeVisible();
  for (const part of ['Before', 'After', 'Echoed model', /first seen/])
    await expect(banner.getByText(part).first()).toBeVisible();
  await expect(banner.getByText(FIRST).first()).toBeVisible();
  await expect(banner.getByText('gpt-4o-2026-01-08').first()).toBeVisible();
  await expect(page.getByText('3 of 7')).toBeVisible();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);

  // Nothing says "Resume" without saying on which version.
  await expect(page.getByRole('button', { name: /^Resume/ })).toHaveCount(1);
  await banner.getByRole('button', { name: 'Resume on the new version' }).click();
  await expect(page.getByText('6 of 7')).toBeVisible();
  await expect(banner.getByText('gpt-4o-2026-01-15').first()).toBeVisible();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();

  await page.keyboard.press('Control+.');
  await expect(page.getByText('Completed', { exact: true })).toBeVisible();
  await expect(banner.getByText(/you resumed on the new versions/)).toBeVisible();
  await expect(page.getByText('7 of 7')).toBeVisible();
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
});

test('a comparison that paused for drift can be given up instead', async ({ app, page }) => {
  const template = await makeTemplate(app, { name: 'Moving', model_id: 'gpt-4o@drift=2', pin: FIRST });
  const { body } = await app.api('POST', `/v1/templates/${template}/batch-run`, {
    targets: [{ provider: 'practice-openai', model_id: 'gpt-4o@drift=2' }],
    inputs: [{}],
    replicates: 5,
    concurrency: 1,
    drift_policy: 'pause',
  });
  const { batch_id } = body as { batch_id: string };
  await open(app, page, `compare/${batch_id}`);
  const banner = page.getByRole('region', { name: 'Model drift' });
  // Under a pin the rest would be paid for and fail, which is said before anybody resumes.
  await expect(banner.getByText(/The template is pinned to/)).toBeVisible();
  await banner.getByRole('button', { name: 'Cancel the rest' }).click();
  await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible();
  await expect(banner.getByRole('button', { name: /Resume|Cancel/ })).toHaveCount(0);
});

test('an answer of another version than the pinned one is kept, failed and shown as drift', async ({
  app,
  page,
}) => {
  const template = await makeTemplate(app, { name: 'Moved', model_id: 'gpt-4o@drift=1', pin: FIRST });
  // The cache still knows the pinned version, so only the answer shows the new one …
  const { status, body } = await app.api('POST', `/v1/templates/${template}/run`, {});
  const { run_id } = body as { run_id: string };
  expect([status, body]).toMatchObject([201, { status: 'failed', failure_code: 'version_mismatch' }]);
  // … and from then on it is known, and nothing is sent.
  const again = await app.api('POST', `/v1/templates/${template}/run`, {});
  expect([again.status, again.body]).toMatchObject([409, { code: 'VERSION_MISMATCH' }]);

  await open(app, page, `runs?run=${run_id}`);
  await expect(page.getByText(/pinned to gpt-4o-2024-08-06, but gpt-4o-2026/).first()).toBeVisible();
  await open(app, page, `versions?template=${template}`);
  await expectState(page, /gpt-4o-2026/, 'Mismatch');
  await expect(page.getByRole('heading', { name: 'Drift' })).toBeVisible();
  await expect(page.getByText('Before', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Open the run' }).last().click();
  await expect(page).toHaveURL(new RegExp(`run=${run_id}`));
});

test('a pin shows in the list and in the editor; the version that a template was frozen for cannot be unpinned', async ({
  app,
  page,
}) => {
  await makeTemplate(app, { name: 'Free', model_id: 'gpt-4o', checks: 0 });
  const held = await makeTemplate(app, { name: 'Held', model_id: 'gpt-4o', checks: 0, pin: FIRST });
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Frozen',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Greet.',
    model_version_constraint: 'gpt-4o-2024-05-13',
  });
  const { template_id: frozen } = body as { template_id: string };
  await open(app, page, 'templates');
  const rows = page.getByRole('treegrid').getByRole('row');
  // A pin is a version's.
  for (const name of ['Frozen', 'Held', 'Free'])
    await page.getByRole('button', { name: `Expand ${name}` }).click();
  const heldMark = rows.getByRole('img', { name: `Pinned to ${FIRST}` });
  await expect(heldMark).toHaveCount(1);
  await expect(rows.getByRole('img', { name: 'Pinned to gpt-4o-2024-05-13' })).toHaveCount(1);
  await expect(rows.getByRole('img', { name: /^Pinned/ })).toHaveCount(2);
  // What is unpinned meanwhile loses its mark.
  await app.api('POST', `/v1/templates/${held}/unpin`, {});
  await expect(heldMark).toHaveCount(0);

  await open(app, page, `templates/${frozen}`);
  await page.getByRole('link', { name: 'Pinned to gpt-4o-2024-05-13' }).click();
  await expect(page).toHaveURL(new RegExp(`versions\\?template=${frozen}`));
  const unpin = page.getByRole('button', { name: 'Unpin…' });
  await expect(unpin).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText(/This template was frozen with a pin to gpt-4o-2024-05-13/)).toBeVisible();
  await unpin.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText(/^Unpin…: This template was frozen with a pin to/)).toBeVisible();
});

test('p pins right after a template is chosen', async ({ app, page }) => {
  await makeTemplate(app, { name: 'Greeting', model_id: 'gpt-4o' });
  await open(app, page, 'versions');
  await page.getByRole('combobox', { name: 'Template' }).click();
  await page.getByRole('option', { name: 'Greeting' }).click();
  await expect(entry(page, FIRST)).toBeVisible();
  await page.keyboard.press('p');
  await expect(page.getByRole('dialog', { name: 'Pin the template?' })).toBeVisible();
});

test('drift shows the answers to the same input before and after it, or says that there are none', async ({
  app,
  page,
}) => {
  const template = await makeTemplate(app, { name: 'Moved', model_id: 'gpt-4o@drift=1', checks: 0 });
  const outputs: string[] = [];
  for (let time = 0; time < 2; time += 1) {
    const { body } = await app.api('POST', `/v1/templates/${template}/run`, {});
    outputs.push((body as { output_text: string }).output_text);
  }
  await open(app, page, `versions?template=${template}`);
  const same = page.getByRole('region', { name: 'The same input, before and after' });
  await expect(same).toContainText('Moved: greet the city in one sentence.');
  await expect(same.getByRole('figure').first()).toContainText(outputs[0] ?? '?');
  await expect(same.getByRole('figure').last()).toContainText(outputs[1] ?? '?');
  await page.getByRole('button', { name: 'Mark differences' }).click();
  const marked = same.getByRole('figure').last();
  await expect(
    marked
      .locator('ins')
      .or(marked.getByText(/the answer before/))
      .first(),
  ).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);

  // Without a chosen template, each drift says under which it happened.
  await open(app, page, 'versions');
  await expect(page.getByRole('link', { name: 'Moved · v1' })).toBeVisible();

  const probed = await makeTemplate(app, { name: 'Probed', model_id: 'gpt-4o-mini@drift=1', checks: 2 });
  await open(app, page, `versions?template=${probed}`);
  await expect(
    page.getByText('These answers come from version probes: no run has the same input before and after.'),
  ).toBeVisible();
});

test('a check of a model that cannot be reached says that it is offline', async ({ app, page }) => {
  const template = await makeTemplate(app, { name: 'Away', model_id: 'gpt-4o@reset', checks: 0 });
  await open(app, page, `templates/${template}`);
  await runCommand(page, 'Check model version now');
  await expect(page.getByText(/Unverified: .*The server cannot be reached/)).toBeVisible();
});

test.describe('with probes off', () => {
  test.use({ environment: { PROMPTER_PROBE_DISABLED: 'true' } });

  test('versions are shown as the last known, unverified', async ({ app, page }) => {
    const template = await makeTemplate(app, { name: 'Quiet', model_id: 'gpt-4o', checks: 0 });
    await app.api('POST', `/v1/templates/${template}/run`, {});
    await open(app, page, `versions?template=${template}`);
    const note = page.getByRole('status').filter({ hasText: 'Probes are off' });
    await expect(note.getByText('Unverified', { exact: true }).locator('svg')).toHaveCount(1);
    await expect(entry(page, FIRST)).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
