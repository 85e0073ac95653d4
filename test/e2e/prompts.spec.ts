import { accessibilityProblems, expect, test, type App } from './app.fixture';

interface Created {
  readonly template_id: string;
  readonly prompt_id: string;
}

async function create(app: App, more: object): Promise<Created> {
  const { status, body } = await app.api('POST', '/v1/templates', {
    name: 'Triage',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Sort the message.',
    ...more,
  });
  expect(status).toBe(201);
  return body as Created;
}

const label = (app: App, { template_id }: Created, name: string) =>
  app.api('PUT', `/v1/templates/${template_id}/labels/${name}`, {});

/** Four versions of one prompt with a branch, and two other prompts. */
async function library(app: App) {
  const first = await create(app, { message: 'first try', created_by: 'Ada' });
  const second = await create(app, {
    parent_template_id: first.template_id,
    user_prompt_template: 'Sort the message in one word.',
    message: 'shorter',
    tags: ['mail'],
  });
  const third = await create(app, {
    parent_template_id: first.template_id,
    user_prompt_template: 'Sort the message into three groups.',
    message: 'a branch',
    model_id: 'gpt-4o-mini',
    tags: ['mail'],
  });
  await label(app, second, 'production');
  await app.api('POST', `/v1/templates/${second.template_id}/run`, {});
  const greeting = await create(app, { name: 'Greeting', user_prompt_template: 'Greet the city.' });
  await create(app, { name: 'Answer', user_prompt_template: 'Answer the letter.' });
  return { first, second, third, greeting };
}

test('a row a prompt: expanded by keyboard and mouse, sorted, filtered, and all of it in the address', async ({
  app,
  page,
}) => {
  await library(app);
  await page.goto(`${app.url}/#/templates`);
  const list = page.getByRole('treegrid', { name: 'Templates' });
  const rows = list.getByRole('row');
  await expect(rows).toHaveCount(4);
  await expect(page.getByText('3 prompts', { exact: true })).toBeVisible();
  const triage = rows.filter({ hasText: 'Triage' });
  await expect(triage).toContainText('production v2');
  await expect(triage).toContainText('#mail');
  await expect(triage).toContainText('v3');

  // Newest first: Answer, Greeting, Triage. The heading of the screen has focus.
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowRight');
  await expect(triage.first()).toHaveAttribute('aria-expanded', 'true');
  await expect(rows).toHaveCount(7);
  await expect(rows.nth(4)).toHaveAttribute('aria-level', '2');
  await expect(rows.nth(4)).toContainText('a branch');
  await page.keyboard.press('ArrowRight');
  await expect(rows.nth(4)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(rows).toHaveCount(4);
  await page.getByRole('button', { name: 'Expand Triage' }).click();
  await expect(rows).toHaveCount(7);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Collapse Triage' }).click();

  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(rows.nth(1)).toContainText('Answer');
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
  await list.focus();
  await page.keyboard.press('Shift+Q');
  await expect(rows.nth(1)).toContainText('Triage');
  await page.keyboard.press('q');
  await expect(page).toHaveURL(/sort=-versions/);

  await page.getByRole('combobox', { name: 'Label' }).click();
  await page.getByRole('option', { name: 'production' }).click();
  await expect(rows).toHaveCount(2);
  await page.reload();
  await expect(page.getByText('1 prompt', { exact: true })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Label' })).toHaveValue('production');
  await page.goto(`${app.url}/#/templates?model=gpt-4o-mini&tag=mail`);
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('Triage');
});

test('the history is a tree; any two versions differ in the panel; a version is edited as a child', async ({
  app,
  page,
}) => {
  const { first, third } = await library(app);
  await page.goto(`${app.url}/#/templates?q=sort`);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('h');
  await expect(page.getByRole('heading', { name: 'Triage' })).toBeVisible();
  const rows = page.getByRole('grid', { name: 'Versions' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText('a branch');
  await expect(rows.nth(1)).toContainText('v1');
  await expect(rows.nth(2)).toContainText('production');
  await expect(rows.nth(3)).toContainText('Ada');

  await page.getByRole('grid').focus();
  await page.keyboard.press('d');
  const diff = page.getByRole('complementary', { name: 'Diff' });
  await expect(diff).toContainText('v1 → v3');
  await expect(diff.getByText('into three groups')).toBeVisible();
  await expect(diff.getByRole('list', { name: 'Changes: Settings' })).toContainText('gpt-4o-mini');
  // Any other base.
  await page.keyboard.press('j');
  await page.keyboard.press('b');
  await page.keyboard.press('k');
  await expect(diff).toContainText('v2 → v3');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.reload();
  await expect(diff).toContainText('v2 → v3');
  await page.setViewportSize({ width: 900, height: 700 });
  await expect(diff).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('grid').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await expect(page).toHaveURL(new RegExp(first.template_id));
  expect(third.prompt_id).toBe(first.prompt_id);
});

test('a prompt is renamed and set inactive: it leaves the list, and runs and fetches are refused', async ({
  app,
  page,
}) => {
  const { first, second } = await library(app);
  await page.goto(`${app.url}/#/prompts/${first.prompt_id}`);
  await page.getByRole('button', { name: 'Rename…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Sorting');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Sorting' })).toBeVisible();
  expect((await app.api('GET', '/v1/prompts/by-name/Sorting')).body).toMatchObject({
    template_id: second.template_id,
  });

  await page.getByRole('button', { name: 'Set inactive…' }).click();
  const question = page.getByRole('dialog', { name: 'Set Sorting inactive?' });
  await expect(question).toContainText('programs that fetch it by a label');
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  expect((await app.api('GET', '/v1/prompts/by-name/Sorting')).status).toBe(200);
  await page.getByRole('button', { name: 'Set inactive…' }).click();
  await question.getByRole('button', { name: 'Set inactive' }).click();
  await expect(page.getByRole('button', { name: 'Set active' })).toBeVisible();
  expect((await app.api('GET', '/v1/prompts/by-name/Sorting')).status).toBe(409);
  expect((await app.api('POST', `/v1/templates/${second.template_id}/run`, {})).body).toMatchObject({
    code: 'PROMPT_INACTIVE',
  });
  await page.goto(`${app.url}/#/templates`);
  await expect(page.getByText('2 prompts', { exact: true })).toBeVisible();
  await page.getByLabel('Inactive').check();
  await expect(page.getByRole('row').filter({ hasText: 'Sorting' })).toContainText('inactive');
});

test('a version that a label points to is not archived: its dialog says why, and what to do instead', async ({
  app,
  page,
}) => {
  const only = await create(app, {});
  await label(app, only, 'production');
  await page.goto(`${app.url}/#/templates`);
  await expect(page.getByRole('row').filter({ hasText: 'Triage' })).toBeVisible();
  await page.keyboard.press('e');
  const question = page.getByRole('dialog', { name: 'Archive Triage · v1?' });
  await expect(question).toContainText('The label production points to this version');
  await expect(question).toContainText('“Set inactive”, which can be undone');
  await expect(question.getByRole('button', { name: 'Archive' })).toBeDisabled();
  expect(await accessibilityProblems(page)).toEqual([]);
  const refused = await app.api('POST', `/v1/templates/${only.template_id}/archive`, {});
  expect(refused).toMatchObject({ status: 409, body: { code: 'TEMPLATE_LABELLED' } });

  // Somebody moves the label in the meantime, and the open dialog knows.
  const next = await create(app, {
    parent_template_id: only.template_id,
    user_prompt_template: 'Sort the message well.',
  });
  await label(app, next, 'production');
  await question.getByRole('button', { name: 'Archive' }).click();
  await expect(question).toHaveCount(0);
  await expect(page.getByText('Triage · v1 is archived.')).toBeVisible();
});

test('a renamed prompt is called so in the editor, its tabs, the runs, the pickers; versions are told apart', async ({
  app,
  page,
}) => {
  const { first, second } = await library(app);
  const rail = page.getByRole('navigation', { name: 'Screens' });
  const tabs = page.getByRole('navigation', { name: 'Open drafts' });
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  // A draft from before, which nobody gave a name of its own.
  await page.goto(`${app.url}/#/templates/${first.template_id}`);
  await page.getByRole('textbox', { name: 'User', exact: true }).click();
  await page.keyboard.type('Please. ');
  await expect(page).toHaveTitle('● Triage · from v1 · Prompter');
  await app.api('PUT', `/v1/prompts/${first.prompt_id}`, { name: 'Sorting' });
  await expect(name).toHaveValue('Sorting');
  await expect(tabs.getByRole('link', { name: 'Sorting · from v1' })).toBeVisible();

  await page.goto(`${app.url}/#/templates/${second.template_id}`);
  await expect(name).toHaveValue('Sorting');
  await expect(page).toHaveTitle('Sorting · v2 · Prompter');
  await expect(tabs.getByRole('link')).toHaveText(['Sorting · from v1', 'Sorting · v2']);
  await tabs.getByRole('link').first().click();
  await page.reload();
  await expect(name).toHaveValue('Sorting');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Sorting · v4 is frozen.')).toBeVisible();
  await expect(name).toHaveValue('Sorting');

  await page.goto(`${app.url}/#/runs?q=sorting`);
  await expect(page.getByRole('row').nth(1)).toContainText('Sorting · v2');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search templates, runs and commands' }).fill('@sorting v2');
  await expect(page.getByRole('option', { name: 'Sorting · v2' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto(`${app.url}/#/compare/new`);
  const picker = page.getByRole('combobox', { name: 'Template' });
  await picker.click();
  await expect(page.getByRole('option')).toHaveCount(6);
  await picker.fill('sorting');
  await expect(page.getByRole('option')).toHaveText([
    'Sorting · v4',
    'Sorting · v3',
    'Sorting · v2',
    'Sorting · v1',
  ]);
  await page.goto(`${app.url}/#/prompts/${first.prompt_id}`);
  await expect(rail.getByRole('link', { name: 'Templates' })).toHaveAttribute('aria-current', 'page');
});

test('the editor says that its prompt is inactive, refuses to run it, and sets it active', async ({
  app,
  page,
}) => {
  const { first, second } = await library(app);
  await app.api('PUT', `/v1/prompts/${first.prompt_id}`, { active: false });
  await page.goto(`${app.url}/#/templates/${second.template_id}`);
  const notice = page.getByText('This prompt is inactive');
  await expect(notice).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(
    page.getByText('The prompt is inactive. Set it active to run it.').filter({ visible: true }),
  ).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Set active' }).first().click();
  await expect(notice).toHaveCount(0);

  // A comparison that was planned before is refused once, with the way out.
  await page.goto(`${app.url}/#/compare/new?template=${second.template_id}`);
  await expect(page.getByRole('button', { name: /^Start/ })).toBeEnabled();
  await app.api('PUT', `/v1/prompts/${first.prompt_id}`, { active: false });
  await page.getByRole('button', { name: /^Start/ }).click();
  const refused = page.getByRole('alert');
  await expect(refused).toContainText('is inactive');
  expect((await refused.innerText()).match(/nothing was sent/gi)).toHaveLength(1);
  await refused.getByRole('button', { name: 'Set active' }).click();
  await expect(page.getByText('Triage is active again.')).toBeVisible();
});

test('a protected label moves once a second person has approved, and its history says who did', async ({
  app,
  page,
}) => {
  const { third, second } = await library(app);
  await app.api('PUT', '/v1/label-rules', { labels: ['production'] });
  await page.goto(`${app.url}/#/prompts/${third.prompt_id}`);
  await expect(page.getByRole('row').nth(1)).toContainText('a branch');
  await page.getByRole('grid').focus();
  await page.keyboard.press('l');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Move a label here').fill('production');
  await expect(dialog.getByRole('button', { name: 'Request' })).toBeDisabled();
  await dialog.getByLabel('Your name').fill('Ada');
  await dialog.getByRole('button', { name: 'Request' }).click();
  await expect(dialog.getByText('Ada asks to move production to v3')).toBeVisible();
  expect((await app.api('GET', '/v1/prompts/by-name/Triage')).body).toMatchObject({
    template_id: second.template_id,
  });
  // Not the one who asked.
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByText(/somebody else has to approve it/).first()).toBeVisible();
  await dialog.getByLabel('Your name').fill('Eve');
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByRole('list', { name: 'History of labels' })).toContainText(
    'moved to v3 by Ada, approved by Eve',
  );
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row').nth(1)).toContainText('production');
  expect((await app.api('GET', '/v1/prompts/by-name/Triage')).body).toMatchObject({
    template_id: third.template_id,
  });
});

test('a version is forked: edited, named, and frozen as the first version of a prompt of its own', async ({
  app,
  page,
}) => {
  const { second } = await library(app);
  await page.goto(`${app.url}/#/templates/${second.template_id}`);
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByRole('switch', { name: /^Fork/ }).click();
  await expect(page.getByRole('textbox', { name: 'Version label' })).toHaveAttribute('placeholder', 'v1');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Triage of calls');
  const user = page.getByRole('textbox', { name: 'User', exact: true });
  await user.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' It was a call.');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Triage of calls · v1 is frozen.')).toBeVisible();
  await page.getByRole('button', { name: 'History' }).click();
  await expect(page.getByText('forked from')).toContainText('Triage');
  expect((await app.api('GET', `/v1/prompts/${second.prompt_id}`)).body).toMatchObject({ versions: 3 });
});
