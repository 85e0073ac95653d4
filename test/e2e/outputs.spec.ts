import { accessibilityProblems, expect, test, type App } from './app.fixture';

/** A run of a template that asks for another JSON than the model gives; its id. */
async function mismatched(app: App): Promise<string> {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Strict',
    provider: 'practice-openai',
    model_id: 'gpt-4o@invalidjson=shape',
    user_prompt_template: 'Greet the city in JSON.',
    response_schema: {
      type: 'object',
      properties: { answer: { type: 'string' } },
      required: ['answer'],
      additionalProperties: false,
    },
  });
  const { template_id } = body as { template_id: string };
  const run = await app.api('POST', `/v1/templates/${template_id}/run`, {});
  return (run.body as { run_id: string }).run_id;
}

test('JSON is shown in lines with what is wrong at its place; as it was sent by a key, which is remembered', async ({
  app,
  page,
}) => {
  const runId = await mismatched(app);
  const { body } = await app.api('GET', `/v1/runs/${runId}`);
  const { output_text: sent } = body as { output_text: string };
  await page.goto(`${app.url}/#/runs?run=${runId}`);
  const output = page.getByRole('region', { name: 'Output', exact: true });
  await expect(output.locator('mark')).toHaveText('[');
  await expect(output).toContainText('must be object');
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.getByRole('radio', { name: 'Formatted' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(output).toHaveText(sent, { useInnerText: true });
  await page.reload();
  await expect(output).toHaveText(sent, { useInnerText: true });
  await page.keyboard.press('Shift+V');
  await expect(output.locator('mark')).toHaveText('[');
});

test('Markdown is drawn where it is asked for, and nothing of it becomes part of the page', async ({
  app,
  page,
}) => {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Table',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Compare three cities in a Markdown table with two columns.',
  });
  const { template_id } = body as { template_id: string };
  const open = async (model_id: string): Promise<void> => {
    const run = await app.api('POST', `/v1/templates/${template_id}/run`, { model_id });
    await page.goto(`${app.url}/#/runs?run=${(run.body as { run_id: string }).run_id}`);
  };
  await open('gpt-4o');
  const output = page.getByRole('region', { name: 'Output', exact: true });
  await expect(output).toContainText('|');
  await page.getByRole('radio', { name: 'Raw' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(output.getByRole('columnheader')).not.toHaveCount(0);
  await expect(output).not.toContainText('|');
  expect(await accessibilityProblems(page)).toEqual([]);

  await open('gpt-4o@hostile');
  await expect(output).toContainText(/<script|<img|onerror/i);
  const made = output.locator('script, img, iframe, a, object, embed, [onerror]');
  await expect(made).toHaveCount(0);
});

/** A template with two tools that its prompt asks for; its id. */
async function withTools(app: App): Promise<string> {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Orders',
    provider: 'practice-openai',
    model_id: 'gpt-5-mini',
    user_prompt_template: 'Where is order {{ order }}, and what is the weather there?',
    inference_params: { reasoning_effort: 'low' },
    tools: ['get_order', 'get_weather'].map((name) => ({
      name,
      parameters: {
        type: 'object',
        properties: { place: { type: 'string' }, days: { type: 'integer' } },
        required: ['place', 'days'],
        additionalProperties: false,
      },
    })),
  });
  return (body as { template_id: string }).template_id;
}

test('tools that an answer calls are shown with their arguments, and what the model thought is folded', async ({
  app,
  page,
}) => {
  const template_id = await withTools(app);
  const run = await app.api('POST', `/v1/templates/${template_id}/run`, { variables: { order: 'A-1' } });
  expect(run.body).toMatchObject({ status: 'succeeded', output_text: null });
  await page.goto(`${app.url}/#/runs?run=${(run.body as { run_id: string }).run_id}`);
  const calls = page.getByRole('list', { name: 'Tool calls' }).getByRole('listitem');
  await expect(calls).toHaveCount(2);
  await expect(calls.nth(0)).toContainText('get_order');
  await expect(calls.nth(1).getByRole('region', { name: 'Arguments of get_weather' })).toContainText(
    '"place"',
  );

  const thinking = page.getByRole('region', { name: 'Thinking' });
  await expect(thinking).toHaveCount(0);
  await page.getByText(/^Thinking, [\d,.]+ characters$/).click();
  await expect(thinking).toContainText('The question is about');
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('a comparison shows the tools that its answers call, and how two calls differ', async ({
  app,
  page,
}) => {
  const template_id = await withTools(app);
  const { body } = await app.api('POST', `/v1/templates/${template_id}/batch-run`, {
    targets: ['gpt-5-mini', 'gpt-5-nano'].map((model_id) => ({ provider: 'practice-openai', model_id })),
    inputs: [{ order: 'A-1' }],
  });
  await page.goto(`${app.url}/#/compare/${(body as { batch_id: string }).batch_id}`);
  await expect(page.getByText('Completed', { exact: true })).toBeVisible();
  const cells = page.getByRole('gridcell');
  await expect(cells.first()).toContainText('get_order');
  await expect(cells.first()).toContainText(/Thinking, [\d,.]+ characters/);
  await expect(cells.first()).toContainText('"place"');

  await page.getByRole('grid').focus();
  // The baseline alone changes nothing of how the outputs are shown.
  await page.keyboard.press('b');
  await expect(page.getByText('baseline', { exact: true })).toBeVisible();
  await expect(cells.last()).not.toContainText('/tool_calls/0/arguments/place');
  await page.keyboard.press('w');
  await expect(cells.last()).toContainText('/tool_calls/0/arguments/place');
  expect(await accessibilityProblems(page)).toEqual([]);
});
