import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { accessibilityProblems, expect, test } from './app.fixture';

test('a connection is refused with every reason at once, then added, tested and given another key', async ({
  app,
  page,
}) => {
  await page.goto(`${app.url}/#/providers?connection=new`);
  const dialog = page.getByRole('dialog', { name: 'Add connection' });
  // One click, although the focus leaves a field that is wrong.
  await dialog.getByRole('button', { name: 'Add connection' }).click();
  await expect(dialog.getByText('Choose a provider.')).toBeVisible();
  await expect(dialog.getByText('Enter a name.')).toBeVisible();

  await dialog.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: 'OpenAI', exact: true }).click();
  await expect(dialog.getByLabel('Name')).toHaveValue('openai');
  await dialog.getByLabel('Name').fill('nobody listens');
  await dialog.getByLabel('Base URL').fill('127.0.0.1');
  await dialog.getByLabel('Key', { exact: true }).fill('first-key');
  await dialog.getByRole('button', { name: 'Add connection' }).click();
  await expect(dialog.getByText(/must be an http\(s\) URL/)).toBeVisible();
  await dialog.getByLabel('Base URL').fill('http://127.0.0.1:9/v1');
  await dialog.getByRole('button', { name: 'Add connection' }).click();

  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'nobody listens' })).toBeVisible();
  // It is tested by itself, and says what happened.
  await expect(page.getByText(/the connection was refused/).first()).toBeVisible();
  await expect(page.getByText('Server not reached')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Last test failed/ })).toBeVisible();

  const replace = page.getByRole('button', { name: 'Replace key' });
  await replace.click();
  await page.getByRole('dialog').getByLabel('New key').fill('second-key');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Key of nobody listens replaced.')).toBeVisible();
  // Focus is back where the dialog was opened from.
  await expect(replace).toBeFocused();
  expect(await page.content()).not.toMatch(/first-key|second-key/);

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('heading', { name: 'nobody listens' })).toHaveCount(0);
});

test('a connection that lacks the key it needs asks for one', async ({ app, page }) => {
  const { status } = await app.api('POST', '/v1/connections', {
    provider: 'openai',
    name: 'bare',
    base_url: 'http://127.0.0.1:9/v1',
  });
  expect(status).toBe(201);
  await page.goto(`${app.url}/#/providers`);
  await page.getByRole('button', { name: /bare/ }).click();
  await page.getByRole('button', { name: 'Add key' }).click();
  await page
    .getByRole('dialog', { name: 'Add a key to bare' })
    .getByLabel('Key', { exact: true })
    .fill('the-key');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Key added to bare.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Replace key' })).toBeFocused();
});

test('a provider that is not connected leads to its connection', async ({ page, app }) => {
  await page.goto(`${app.url}/#/providers`);
  await page.getByRole('button', { name: /Anthropic.*Connect/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Add connection' });
  await expect(dialog.getByRole('combobox', { name: 'Provider' })).toHaveValue('Anthropic');
  await expect(dialog.getByLabel('Name')).toHaveValue('anthropic');
});

test('an edit, a test and a setting: what a server of one’s own understands, and who said so', async ({
  app,
  page,
}) => {
  const server = await chatServer();
  await app.api('POST', '/v1/connections', {
    provider: 'lm-studio',
    name: 'lab',
    base_url: 'http://127.0.0.1:9/v1',
  });
  await page.goto(`${app.url}/#/providers`);
  await page.getByRole('button', { name: /lab/ }).click();

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit lab' });
  await dialog.getByLabel('Name').fill('practice-openai');
  await dialog.getByLabel('Base URL').fill(server.url);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/A connection named "practice-openai"/)).toBeVisible();
  await dialog.getByLabel('Name').fill('bench');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'bench' })).toBeVisible();
  // The new address is tested by itself, without calls.
  await expect(page.getByText('Models listed')).toBeVisible();
  expect(server.calls()).toBe(0);
  await expect(page.getByText(/The price list has no prices for these models/)).toBeVisible();

  const streaming = page.getByRole('combobox', { name: 'Streaming usage' });
  await expect(streaming).toHaveValue('Not tested: assumes yes');
  await expect(page.getByText(/sends up to 5 short calls/)).toBeVisible();
  await page.getByRole('button', { name: /^Test\b/ }).click();
  await expect(streaming).toHaveValue('Found by test: no');
  await expect(page.getByRole('combobox', { name: 'JSON schema' })).toHaveValue('Found by test: JSON schema');
  expect(server.calls()).toBe(3);

  await streaming.click();
  await page.getByRole('option', { name: 'Yes', exact: true }).click();
  await expect(streaming).toHaveValue('Yes');
  await expect(page.getByText(/sends up to 3 short calls/)).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('each model has its own price', async ({ app, page }) => {
  await page.goto(`${app.url}/#/providers`);
  await page.getByRole('button', { name: /practice-openai/ }).click();
  const price = (model: string) =>
    page.getByRole('row').filter({ has: page.getByText(model, { exact: true }) });
  await expect(price('gpt-4o')).toContainText('$2.50');
  await expect(price('gpt-4o')).toContainText('$10.00');
  await expect(price('gpt-4o-mini')).toContainText('$0.15');
});

/** A server of chat completions that refuses stream_options. */
async function chatServer(): Promise<{ url: string; calls(): number }> {
  let calls = 0;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const send = (status: number, type: string, content: string): void => {
        response.writeHead(status, { 'content-type': type }).end(content);
      };
      if (request.method === 'GET') return send(200, 'application/json', '{"data":[{"id":"tiny-1b"}]}');
      calls += 1;
      if (body.includes('stream_options'))
        return send(400, 'application/json', '{"error":{"message":"Unknown field stream_options"}}');
      const message = { role: 'assistant', content: '{"ok":true}' };
      const choice = { index: 0, finish_reason: 'stop' };
      if (!body.includes('"stream":true'))
        return send(200, 'application/json', JSON.stringify({ id: 'c', choices: [{ ...choice, message }] }));
      const event = JSON.stringify({ id: 'c', choices: [{ ...choice, delta: message }] });
      return send(200, 'text/event-stream', `data: ${event}\n\ndata: [DONE]\n\n`);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  servers.push(server);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}/v1`, calls: () => calls };
}

const servers: Server[] = [];
test.afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
