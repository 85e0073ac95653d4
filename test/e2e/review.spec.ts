import { createServer } from 'node:net';
import { accessibilityProblems, expect, pressSequence, test, type App } from './app.fixture';
import { fillReviewQueue } from './waiting-answers';

const SCHEMA = {
  type: 'object',
  properties: { answer: { type: 'string' }, score: { type: 'number' } },
  required: ['answer', 'score'],
  additionalProperties: false,
};

const said = (content: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      model: 'held',
      choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
    }),
  );

/** Runs whose model answers these bytes, one after another; their ids. */
async function answered(app: App, bodies: readonly Buffer[]): Promise<string[]> {
  let asked = 0;
  const server = createServer((socket) => {
    let seen = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      if (!seen.trimEnd().endsWith('}')) return;
      seen = '';
      const body = bodies[asked] ?? Buffer.from('');
      asked += 1;
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`,
      );
      socket.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { body: connection } = await app.api('POST', '/v1/connections', {
    name: 'held',
    provider: 'lm-studio',
    base_url: `http://127.0.0.1:${port}/v1`,
  });
  const { body: template } = await app.api('POST', '/v1/templates', {
    name: 'Verdict',
    provider: 'lm-studio',
    model_id: 'held',
    user_prompt_template: 'Answer in JSON.',
    response_schema: SCHEMA,
  });
  const ids: string[] = [];
  for (let index = 0; index < bodies.length; index += 1) {
    const { body } = await app.api(
      'POST',
      `/v1/templates/${(template as { template_id: string }).template_id}/run`,
      { connection_id: (connection as { connection_id: string }).connection_id },
    );
    ids.push((body as { run_id: string }).run_id);
  }
  server.close();
  return ids;
}

test('a queue is worked off by the keyboard alone, and its end says how many were accepted', async ({
  app,
  page,
}) => {
  const ids = await answered(app, [
    said('```json\n{"answer":"yes","score":1.50}\n```'),
    said('{"answer":"no"}'),
    said('I would say so.'),
  ]);
  await pressSequence(page, ['g', 'q']);
  await expect(page.getByText('3 waiting')).toBeVisible();
  await expect(page.getByText(/Repaired from the model’s output/)).toBeVisible();
  await expect(page.getByText('Matches the schema')).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByText('2 waiting')).toBeVisible();

  // Skipped, corrected: the check follows what is typed.
  await expect(page.getByText(/must have required property 'score'/).first()).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByText('I would say so.').first()).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByText(/Accept the answer: .*nothing to accept/)).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.getByRole('textbox', { name: 'Corrected output' })).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{"answer":"yes","score":"high"}');
  await expect(page.getByRole('status', { name: 'Schema check' })).toContainText(
    'Line 1 /score must be number',
  );
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/does not match the schema yet/)).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{"answer":"yes","score":1}');
  await expect(page.getByText('Matches the schema')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Record correction' })).toBeEnabled();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('1 waiting')).toBeVisible();

  await expect(page.getByText(/must have required property 'score'/).first()).toBeVisible();
  await page.keyboard.press('r');
  await expect(page.getByText(/^Parsed again: /)).toBeVisible();
  await page.keyboard.press('x');
  await expect(page.getByRole('textbox', { name: 'Reason' })).toBeFocused();
  await page.keyboard.type('No score was given');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nothing to review')).toBeVisible();
  await expect(page.getByText(/33\.3% of 3 reviewed answers were accepted/)).toBeVisible();

  const { body } = await app.api('GET', `/v1/review/${ids[2]}`);
  expect(body).toMatchObject({
    state: 'closed',
    reviews: [{ corrected_text: '{"answer":"yes","score":1}' }],
  });
  await page.goto(`${app.url}/#/runs?run=${ids[1]}`);
  await page.getByRole('tab', { name: 'Parsing' }).click();
  await expect(page.getByText('No score was given')).toBeVisible();
});

test('bytes are shown as they came, with what is wrong marked, and nothing of them becomes part of the page', async ({
  app,
  page,
}) => {
  const broken = Buffer.concat([
    Buffer.from('\uFEFF{"x":"<img src=x onerror=alert(1)>'),
    Buffer.from([0xff]),
    Buffer.from('```'),
  ]);
  const [first] = await answered(app, [broken]);
  await page.goto(`${app.url}/#/review?run=${first}`);
  const text = page.getByRole('region', { name: 'The answer as text' });
  await expect(text).toContainText('<EF><BB><BF>{"x":"<img src=x onerror=alert(1)><FF>```');
  await expect(text.locator('mark')).toHaveText(['<EF><BB><BF>', '<FF>', '```']);
  await expect(page.getByRole('button', { name: 'Byte 37' })).toBeVisible();
  await page.getByText('Hex', { exact: true }).click();
  await expect(page.getByRole('region', { name: 'The answer as hex' })).toContainText('EF BB BF 7B 22 78');
  expect(await page.locator('img[onerror], img[src="x"]').count()).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('an answer of 10 MB is looked at in windows', async ({ app, page }) => {
  const [first] = await answered(app, [said(`{"answer":"${'word '.repeat(2_000_000)}",}`)]);
  await page.goto(`${app.url}/#/review?run=${first}`);
  await expect(page.getByText(/^Bytes 9,994,240 to 10,000,/)).toBeVisible();
  await expect(page.getByText(/too many to edit here/)).toBeVisible();
  await page.getByRole('button', { name: 'Previous' }).click();
  await expect(page.getByText(/^Bytes 9,961,472 to 9,994,240/)).toBeVisible();
  const shown = await page.getByRole('region', { name: 'The answer as text' }).innerText();
  expect(shown.length).toBeLessThan(40_000);
  await page.getByText('Hex', { exact: true }).click();
  expect(await page.locator('[role="region"] [style*="translateY"]').count()).toBeLessThan(200);
});

test('who comes second is told what the first decided', async ({ app, page }) => {
  const [first] = await answered(app, [said('{"answer":"no"}')]);
  await page.goto(`${app.url}/#/review?run=${first}`);
  await expect(page.getByText(/must have required property/).first()).toBeVisible();
  // The change feed would tell at once; a window that it has not reached yet is what this is about.
  await page.route('**/rpc/review/get*', (route) => route.abort());
  await app.api('POST', `/v1/review/${first}`, { action: 'dismiss', reason: 'Mine', reviewed_by: 'Ada' });
  await page.getByRole('button', { name: /^Accept/ }).click();
  await expect(page.getByText(/already been reviewed \(dismiss by Ada/)).toBeVisible();
});

test('answers with the same problem are decided at once by the keyboard; the rail counts what waits', async ({
  app,
  page,
}) => {
  await fillReviewQueue(app, 3);
  const [single = ''] = await answered(app, [said('I would say so.')]);
  const rail = page.getByRole('navigation', { name: 'Screens' });
  await expect(rail.getByRole('link', { name: 'Review, 4 waiting' })).toBeVisible();
  await pressSequence(page, ['g', 'q']);
  const queue = page.getByRole('grid', { name: 'Answers waiting for review' });
  await expect(queue.getByRole('row')).toHaveCount(6);
  await expect(queue.getByRole('row', { name: /3 × Strict/ })).toBeVisible();
  await page.keyboard.press('o');
  await expect(queue.getByRole('row')).toHaveCount(3);

  // What was asked stands beside the answer.
  await page.getByText('Prompt', { exact: true }).click();
  await expect(page.getByRole('region', { name: 'User prompt' })).toHaveText('Greet the city in JSON.');
  expect(await accessibilityProblems(page)).toEqual([]);

  await queue.focus();
  await page.keyboard.press('Shift+X');
  const dialog = page.getByRole('dialog', { name: 'Dismiss 3 answers?' });
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused();
  await page.keyboard.type('Another shape');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 waiting')).toBeVisible();
  await expect(rail.getByRole('link', { name: 'Review, 1 waiting' })).toBeVisible();

  // What cannot be decided so is named, and still waits.
  await expect(queue).toBeFocused();
  await page.keyboard.press('Shift+A');
  await expect(page.getByRole('dialog', { name: 'Accept 1 answer?' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Not decided' })).toContainText(single);
  await expect(page.getByText('0 of 1 accepted. The others are still waiting:')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('1 waiting')).toBeVisible();
});
