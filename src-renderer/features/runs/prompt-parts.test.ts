import { expect, it } from 'vitest';
import type { JsonValue } from '../../../src-shared/domain';
import { promptParts } from './prompt-parts';

const GLUED = 'Be brief.\n\nGreet the city.\n\nNow.';
const parts = (request_json: JsonValue, rendered_prompt = GLUED) =>
  promptParts({ rendered_prompt, request_json });
const SPLIT = [
  { name: 'System', text: 'Be brief.' },
  { name: 'User', text: 'Greet the city.\n\nNow.' },
];

it.each<[string, JsonValue]>([
  ['OpenAI Responses', { instructions: 'Be brief.', input: 'Greet the city.' }],
  [
    'OpenAI Chat',
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: '…' },
      ],
    },
  ],
  ['Anthropic', { system: [{ type: 'text', text: 'Be brief.' }], messages: [] }],
  ['Gemini', { systemInstruction: { parts: [{ text: 'Be brief.' }] } }],
])('tells system from user by the request of %s', (_, request) => {
  expect(parts(request)).toEqual(SPLIT);
});

it('never guesses where the instructions end', () => {
  expect(parts({ messages: [{ role: 'user', content: GLUED }] })).toEqual([{ name: 'User', text: GLUED }]);
  const requests: readonly JsonValue[] = [null, { system: 'Something else.' }, { instructions: 7 }];
  for (const request of requests) expect(parts(request)).toEqual([{ name: 'System and user', text: GLUED }]);
});
