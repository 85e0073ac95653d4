import { expect, it } from 'vitest';
import type { JsonObject } from '../../src-shared/domain';
import { callOf, endpointOf, recorder, storedAnswer, testServer } from '../../test/support/provider-calls';
import { createProviderClients } from './clients';

const client = createProviderClients().clientFor('openai_responses');

function message(phase: string | undefined, text: string): JsonObject {
  const content = [{ type: 'output_text', text, annotations: [] }];
  return { type: 'message', role: 'assistant', status: 'completed', ...(phase && { phase }), content };
}

/** The events that an API streams a response's items in. */
function streamOf(response: JsonObject, items: readonly JsonObject[]): string {
  const events: (JsonObject & { type: string })[] = [
    { type: 'response.created', response: { ...response, output: [] } },
  ];
  for (const [output_index, item] of items.entries()) {
    const [{ text }] = item['content'] as [{ text: string }];
    events.push({ type: 'response.output_item.added', output_index, item: { ...item, content: [] } });
    for (const delta of text.match(/.{1,4}/gs) ?? [])
      events.push({ type: 'response.output_text.delta', output_index, delta });
    events.push({ type: 'response.output_item.done', output_index, item });
  }
  events.push({ type: 'response.completed', response: { ...response, output: [...items] } });
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

async function answered(items: readonly JsonObject[], { stream = false, cut = false } = {}) {
  const response: JsonObject = { id: 'r', object: 'response', status: 'completed', model: 'm' };
  const whole = stream ? streamOf(response, items) : JSON.stringify({ ...response, output: [...items] });
  const body = cut ? whole.slice(0, whole.lastIndexOf('event: response.output_item.done')) : whole;
  const server = await testServer((_, answer) =>
    answer.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' }).end(body),
  );
  const call = callOf(endpointOf('openai_responses', `${server.url}/v1`), { stream });
  const seen = recorder();
  await client.call(call, seen);
  await server.close();
  const [exchange] = seen.exchanges;
  if (!exchange) throw new Error('no exchange');
  const parsed = client.parse(storedAnswer(exchange, call));
  if (!parsed.ok) throw new Error(parsed.message);
  return { output: parsed.answer.outputText, live: seen.texts.join('') };
}

const items = [
  message('commentary', 'I look it up first.'),
  message('final_answer', 'The Nile'),
  message('commentary', 'Done.'),
  message(undefined, ', it is said.'),
];

it('is no part of an answer, streamed or not, nor of the text shown meanwhile', async () => {
  expect(await answered(items)).toEqual({ output: 'The Nile, it is said.', live: '' });
  const streamed = await answered(items, { stream: true });
  expect(streamed).toEqual({ output: 'The Nile, it is said.', live: 'The Nile, it is said.' });
});

it('is none in a stream that broke off either, and alone it is no answer', async () => {
  const [thought, said] = items;
  if (!thought || !said) throw new Error('no items');
  expect(await answered([thought, said], { stream: true, cut: true })).toMatchObject({ output: 'The Nile' });
  for (const stream of [false, true]) {
    expect(await answered([thought], { stream })).toEqual({ output: null, live: '' });
  }
  expect(await answered([thought], { stream: true, cut: true })).toEqual({ output: null, live: '' });
});
