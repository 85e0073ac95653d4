import { expect, test } from './app.fixture';

test('what is done elsewhere shows in a window that is open already, on every screen that lists it', async ({
  app,
  page,
  context,
}) => {
  const create = async (name: string): Promise<string> => {
    const { body } = await app.api('POST', '/v1/templates', {
      name,
      provider: 'practice-openai',
      model_id: 'gpt-4o',
      user_prompt_template: `${name}: greet the city in one sentence.`,
    });
    return (body as { template_id: string }).template_id;
  };
  const template_id = await create('Refund');
  const other = await context.newPage();

  await other.goto(`${app.url}/#/runs`);
  await expect(other.getByText('No runs yet')).toBeVisible();
  await page.goto(`${app.url}/#/templates/${template_id}`);
  await expect(page.getByText('Frozen. Typing starts a draft')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('tab', { name: 'Evidence' })).toBeVisible();
  await expect(other.getByRole('grid', { name: 'Runs' }).getByText('Done')).toBeVisible();

  await other.goto(`${app.url}/#/versions?template=${template_id}`);
  await expect(other.getByText('Not pinned: any version is accepted.')).toBeVisible();
  await app.api('POST', `/v1/templates/${template_id}/pin`, {
    provider_version_key: 'gpt-4o-2024-08-06',
    note: 'As reviewed',
  });
  await expect(other.getByText('As reviewed')).toBeVisible();

  await other.goto(`${app.url}/#/analytics?practice=true`);
  const spend = other.getByRole('group', { name: 'Practice, at list prices' });
  await expect(spend).toContainText('1 run');
  await app.api('POST', `/v1/templates/${template_id}/run`, {});
  await expect(spend).toContainText('2 runs');
  await app.api('PUT', '/v1/budgets', { monthly_usd: '25' });
  await expect(other.getByText('Within budget')).toBeVisible();

  await other.goto(`${app.url}/#/settings`);
  await expect(other.getByText('1 template, 2 runs')).toBeVisible();
  await app.api('POST', '/v1/backups');
  await expect(other.getByText('manual', { exact: true })).toBeVisible();
  await create('Another');
  await expect(other.getByText('2 templates, 2 runs')).toBeVisible();

  await other.goto(`${app.url}/#/templates`);
  await expect(other.getByText('2 prompts', { exact: true })).toBeVisible();
  await create('A third');
  await expect(other.getByText('3 prompts', { exact: true })).toBeVisible();

  await other.goto(`${app.url}/#/providers`);
  await expect(other.getByRole('button', { name: /practice-openai/ }).first()).toBeVisible();
  await app.api('POST', '/v1/connections', { provider: 'openai', name: 'theirs', secret: 'not-a-key' });
  await expect(other.getByRole('button', { name: /theirs/ }).first()).toBeVisible();
});
