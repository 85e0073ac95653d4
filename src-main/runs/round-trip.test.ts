import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  newTemplateSchema,
  PROTOCOLS,
  type MessageInput,
  type NewTemplateInput,
  type Template,
  type Variables,
} from '../../src-shared/domain';
import { createAssetsService } from '../assets';
import { createTemplatesService } from '../templates';
import { callOf, endpointOf } from '../../test/support/provider-calls';
import { PROTOCOL_CASES } from '../../test/support/protocol-cases';
import { memoryHome } from '../../test/support/audit/audit-history';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import { callMessages } from './call-request';
import { renderToSend } from './plan';

const RUNS = 500;
const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const PDF = Buffer.from('%PDF-1.7\n');

const word = fc.stringMatching(/^[a-z]{1,6}$/);
/** Texts with what normal forms touch: line ends, decomposed letters, braces as data, emoji. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', '\n', 'e\u0301', '😀', ' ', '{% raw %}{{ x }}{% endraw %}', '{"a": 1}'),
      word,
      fc.constantFrom('a', 'b', 'c').map((name) => `{{ ${name} }}`),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => `.${parts.join('')}`);

const json = fc.jsonValue({ maxDepth: 2, noUnicodeString: false }).map((value): Variables => ({
  value: JSON.parse(JSON.stringify(value).replaceAll(/-?\d[\d.]*e[+-]?\d+/g, '1.5')) as Variables[string],
}));

type Hashes = Readonly<Record<'png' | 'pdf', string>>;

/** Turns that a model could have had: calls are answered at once. */
function turns(hashes: Hashes): fc.Arbitrary<MessageInput[]> {
  const parts = fc.array(
    fc.oneof(
      text.map((value) => ({ type: 'text' as const, text: value })),
      fc.constantFrom(
        { type: 'image' as const, variable: 'photo' },
        { type: 'image' as const, asset_sha256: hashes.png, media_type: ' Image/PNG ', name: 'a.png' },
        { type: 'file' as const, asset_sha256: hashes.pdf, media_type: 'application/pdf' },
      ),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const called = fc.array(fc.record({ name: word, arguments: json, result: text }), {
    minLength: 1,
    maxLength: 2,
  });
  return fc
    .array(
      fc.oneof(
        fc
          .record({ role: fc.constant('user' as const), content: fc.oneof(text, parts) })
          .map((message) => [message]),
        fc.record({ role: fc.constant('assistant' as const), content: text }).map((message) => [message]),
        fc.boolean().map((optional): MessageInput[] => [{ placeholder: 'history', optional }]),
        fc
          .tuple(fc.uuid(), called, fc.oneof(fc.constant(''), text))
          .map(([id, calls, content]): MessageInput[] => [
            { role: 'user', content: 'Ask.' },
            {
              role: 'assistant',
              content,
              tool_calls: calls.map((call, index) => ({
                id: `${id}-${String(index)}`,
                name: call.name,
                arguments: call.arguments,
              })),
            },
            ...calls.map((call, index): MessageInput => ({
              role: 'tool',
              tool_call_id: `${id}-${String(index)}`,
              content: call.result,
            })),
          ]),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((groups) => groups.flat());
}

function drafts(hashes: Hashes): fc.Arbitrary<NewTemplateInput> {
  const tools = fc.uniqueArray(
    fc.record({
      name: word,
      description: fc.option(text, { nil: undefined }),
      parameters: fc.option(json, { nil: undefined }),
      strict: fc.constantFrom(undefined, null, false),
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  );
  const content = fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({
        system_instructions: fc.oneof(fc.constant(''), text),
        user_prompt_template: text,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.array(text, { maxLength: 2 }), turns(hashes)).map(([systems, messages]) => ({
        messages: [
          ...systems.map((system): MessageInput => ({ role: 'system', content: system })),
          { role: 'user' as const, content: 'Begin.' },
          ...messages,
        ],
      })),
    },
  );
  return fc
    .tuple(content, tools, fc.constantFrom('auto', 'none', 'required'), fc.uuid())
    .map(([said, offered, choice, name]): NewTemplateInput => ({
      ...said,
      name,
      model_id: name,
      tools: offered,
      tool_choice: offered.length === 0 ? undefined : (choice as 'auto'),
    }));
}

const WRITABLE = Object.keys(newTemplateSchema.shape);

/** A template's JSON, of which everything is given again that a person gives. */
function exported(template: Template): NewTemplateInput {
  const record = JSON.parse(JSON.stringify(template)) as Record<string, unknown>;
  const hasTexts = record['system_instructions'] !== '' || record['user_prompt_template'] !== '';
  const left = hasTexts ? ['messages'] : ['system_instructions', 'user_prompt_template'];
  const given = Object.entries(record).filter(([key]) => WRITABLE.includes(key) && !left.includes(key));
  return newTemplateSchema.parse({ ...Object.fromEntries(given), workspace_id: 'copies' });
}

test(`${RUNS} templates: created, rendered, exported as JSON and created again, they are the same on every wire`, () => {
  const clock = createTestClock();
  const store = openTempStore({ clock, home: memoryHome() });
  const service = createTemplatesService({ store, clock, ids: testIds });
  const assets = createAssetsService({ store, clock });
  const put = (bytes: Buffer, media_type: string): string =>
    assets.put({ media_type, base64: bytes.toString('base64') }).asset.asset_sha256;
  const hashes = { png: put(PNG, 'image/png'), pdf: put(PDF, 'application/pdf') };
  const variables: Variables = {
    a: 'A {{ b }}',
    b: 2.5,
    c: ['x', { y: 1 }],
    photo: { asset_sha256: hashes.png, media_type: 'image/png' },
    history: [
      { role: 'user', content: 'Before.' },
      { role: 'assistant', content: [{ type: 'text', text: '{{ a }}' }] },
    ],
  };
  const wires = (template: Template): string[] => {
    const prompt = renderToSend(store.read, template, { variables });
    return PROTOCOLS.map((protocol) => {
      const call = callOf(endpointOf(protocol, 'http://x'), {
        messages: callMessages(prompt.messages, (sha256) => `bytes of ${sha256}`),
        tools: prompt.tools,
        toolChoice: prompt.tool_choice,
      });
      const built = PROTOCOL_CASES[protocol].build(call);
      if (!built.ok) throw new Error(built.message);
      return JSON.stringify(built.body);
    });
  };
  const seen = new Set<string>();
  fc.assert(
    fc.property(drafts(hashes), (draft) => {
      const { template } = service.create({ ...newTemplateSchema.parse(draft), idempotency_key: undefined });
      const { template: copy } = service.create({
        ...newTemplateSchema.parse(exported(template)),
        idempotency_key: undefined,
      });
      expect(copy.config_sha256).toBe(template.config_sha256);
      expect(copy.variables).toEqual(template.variables);
      const preview = service.render({ template_id: template.template_id, variables });
      const again = service.render({ template_id: copy.template_id, variables });
      expect(again).toEqual(preview);
      expect(wires(copy)).toEqual(wires(template));
      seen.add(template.config_sha256);
    }),
    { numRuns: RUNS, seed: 20_261_130 },
  );
  expect(seen.size).toBe(RUNS);
}, 900_000);
