import { describe, expect, it } from 'vitest';
import {
  protocolOfApi,
  type JsonObject,
  type JsonValue,
  type Protocol,
  type ResponseApi,
} from '../../src-shared/domain';
import { answerBytes, endpointOf } from '../../test/support/provider-calls';
import { createProviderClients } from './clients';

const clients = createProviderClients();

function groundingOf(api: ResponseApi, body: JsonObject) {
  const result = clients.clientFor(protocolOfApi(api)).parse(answerBytes(api, JSON.stringify(body)));
  if (!result.ok) throw new Error(result.message);
  return result.answer.grounding;
}

const CITATION = {
  type: 'url_citation',
  start_index: 4,
  end_index: 19,
  url: 'https://x.example',
  title: 'X',
};
const SOURCES = [{ type: 'url', url: 'https://x.example' }];

function response(search: JsonObject | null, annotations: JsonValue[]): JsonObject {
  const message = { type: 'message', content: [{ type: 'output_text', text: 'Y.', annotations }] };
  const call = search && { type: 'web_search_call', id: 'ws_1', status: 'completed', ...search };
  return { status: 'completed', output: [{ type: 'reasoning' }, ...(call ? [call] : []), message] };
}
const searched = (sources: JsonValue[]): JsonObject => ({
  action: { type: 'search', queries: ['q'], sources },
});

describe('OpenAI Responses', () => {
  it.each<[string, JsonObject | null, JsonValue[], RegExp | null]>([
    ['sources and a citation', searched(SOURCES), [CITATION], null],
    ['a source that is an API', searched([{ type: 'api', name: 'oai-weather' }]), [CITATION], null],
    ['results and a citation', { results: [{ url: 'https://x.example' }] }, [CITATION], null],
    ['sources without a citation', searched(SOURCES), [], /cites none/],
    [
      'a citation of something else',
      searched(SOURCES),
      [{ ...CITATION, type: 'file_citation' }],
      /cites none/,
    ],
    ['a search that found nothing', searched([]), [CITATION], /no results/],
    ['a search that shows nothing', {}, [CITATION], /no results/],
    [
      'a page that was opened',
      { action: { type: 'open_page', url: 'https://x.example' } },
      [CITATION],
      /no results/,
    ],
    ['a search that failed', { ...searched(SOURCES), status: 'failed' }, [CITATION], /did not complete/],
    ['a citation without a search', null, [CITATION], /records no web search/],
  ])('with %s', (_, search, annotations, why) => {
    expect(groundingOf('openai.responses', response(search, annotations))).toMatchObject({
      grounded: why === null,
      why: why === null ? null : expect.stringMatching(why),
    });
  });

  it('without any of it has no evidence', () => {
    expect(groundingOf('openai.responses', response(null, []))).toBeNull();
  });
});

describe('chat completions', () => {
  const answer = (annotations: JsonValue): JsonObject => ({
    choices: [{ message: { content: 'Y.', annotations }, finish_reason: 'stop' }],
  });
  it('of a search model are grounded by their citations', () => {
    const inner = { url: 'https://x.example', title: 'X' };
    expect(
      groundingOf('openai.chat_completions', answer([{ type: 'url_citation', url_citation: inner }])),
    ).toEqual({ grounded: true, why: null, citations: [{ type: 'url_citation', ...inner }] });
    expect(groundingOf('openai.chat_completions', answer([]))).toBeNull();
    expect(groundingOf('openai.chat_completions', answer('none'))).toBeNull();
  });
});

describe('Anthropic', () => {
  const use = { type: 'server_tool_use', id: 'st1', name: 'web_search', input: { query: 'q' } };
  const found = (content: JsonValue): JsonObject => ({
    type: 'web_search_tool_result',
    tool_use_id: 'st1',
    content,
  });
  const hit = { type: 'web_search_result', url: 'https://x.example', title: 'X', encrypted_content: '…' };
  const cited = { type: 'web_search_result_location', url: 'https://x.example', cited_text: 'Y' };
  const text = { type: 'text', text: 'Y.', citations: [cited] };
  const message = (...content: JsonValue[]): JsonObject => ({
    type: 'message',
    stop_reason: 'end_turn',
    content,
  });

  it('needs a result block that holds a result', () => {
    expect(groundingOf('anthropic.messages', message(use, found([hit]), text))).toEqual({
      grounded: true,
      why: null,
      citations: [cited],
    });
    const why = (...content: JsonValue[]) => groundingOf('anthropic.messages', message(...content))?.why;
    expect(why(use, found([]), text)).toMatch(/found nothing/);
    expect(why(use, text)).toMatch(/returned no result/);
    expect(
      why(use, found({ type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' }), text),
    ).toMatch(/max_uses_exceeded/);
    expect(groundingOf('anthropic.messages', message({ type: 'text', text: 'Y.' }))).toBeNull();
    expect(
      groundingOf(
        'anthropic.messages',
        message({ ...use, name: 'code_execution' }, { type: 'text', text: 'Y.' }),
      ),
    ).toBeNull();
  });
});

describe('Gemini', () => {
  const candidate = (groundingMetadata?: JsonValue): JsonObject => ({
    candidates: [
      {
        content: { parts: [{ text: 'Y.' }] },
        finishReason: 'STOP',
        ...(groundingMetadata === undefined ? {} : { groundingMetadata }),
      },
    ],
  });
  const web = { uri: 'https://redirect.example/1', title: 'x.example' };
  const support = { segment: { startIndex: 0, endIndex: 2, text: 'Y.' }, groundingChunkIndices: [0, 9] };

  it('needs search results in its grounding metadata', () => {
    const full = { webSearchQueries: ['q'], groundingChunks: [{ web }], groundingSupports: [support] };
    expect(groundingOf('gemini.generate_content', candidate(full))).toEqual({
      grounded: true,
      why: null,
      citations: [{ type: 'grounding_support', segment: support.segment, sources: [web] }],
    });
    expect(
      groundingOf('gemini.generate_content', candidate({ groundingChunks: [{ web }] }))?.citations,
    ).toEqual([{ type: 'grounding_chunk', ...web }]);
    const without: JsonValue[] = [
      {},
      { webSearchQueries: ['q'] },
      { groundingChunks: [] },
      { groundingChunks: [{ retrievedContext: { uri: 'gs://x' } }] },
      { groundingChunks: [{ web: {} }] },
    ];
    for (const metadata of without) {
      expect(groundingOf('gemini.generate_content', candidate(metadata))).toMatchObject({
        grounded: false,
        why: expect.stringMatching(/no search results/) as string,
      });
    }
    expect(groundingOf('gemini.generate_content', candidate())).toBeNull();
    expect(groundingOf('gemini.generate_content', candidate('yes'))).toBeNull();
  });
});

describe('models that cannot search', () => {
  const why = (protocol: Protocol, modelId: string, providerId = endpointOf(protocol, '').providerId) =>
    clients.clientFor(protocol).whyNoSearch({ providerId, modelId });

  it('are known by their id; any other is left to what it answers', () => {
    for (const id of ['gpt-3.5-turbo', 'gpt-4', 'gpt-4-0613', 'ft:gpt-4-turbo', 'gpt-4.1-nano', 'o1'])
      expect(why('openai_responses', id), id).toContain('no web search');
    for (const id of ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-5', 'gpt-6-sol', 'o3', 'o4-mini', 'new-model'])
      expect(why('openai_responses', id), id).toBeNull();
    for (const id of ['claude-2.1', 'claude-3-opus-20240229'])
      expect(why('anthropic', id), id).not.toBeNull();
    for (const id of ['claude-3-5-sonnet-20241022', 'claude-opus-5-5', 'claude-fable'])
      expect(why('anthropic', id), id).toBeNull();
    for (const id of ['gemma-4', 'gemini-1.5-pro']) expect(why('gemini', id), id).not.toBeNull();
    expect(why('gemini', 'gemini-3.8-flash')).toBeNull();
  });

  it('on chat are all but the search models, and every model of a local server', () => {
    expect(why('openai_chat', 'gpt-5')).toContain('gpt-5-search-api');
    expect(why('openai_chat', 'gpt-5-search-api')).toBeNull();
    expect(why('openai_chat', 'sonar-pro')).toBeNull();
    for (const local of ['ollama', 'lm-studio', 'azure-openai'])
      expect(why('openai_chat', 'gpt-5-search-api', local), local).not.toBeNull();
  });
});
