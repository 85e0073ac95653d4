import { expect, test } from 'vitest';
import { parseTarget, splitTargets } from './targets';

const connections = [
  { connection_id: 'c1', name: 'mine' },
  { connection_id: 'c2', name: 'openai' },
];
const providers = [{ provider_id: 'openai' }, { provider_id: 'practice-openai' }];

test.each([
  ['mine:gpt-4o', { connection_id: 'c1', model_id: 'gpt-4o' }],
  ['practice-openai:gpt-4o@latency=5', { provider: 'practice-openai', model_id: 'gpt-4o@latency=5' }],
  ['mine:llama3:8b', { connection_id: 'c1', model_id: 'llama3:8b' }],
  // A connection's name goes before a provider's id.
  ['openai:gpt-4o', { connection_id: 'c2', model_id: 'gpt-4o' }],
])('%s', (text, target) => {
  expect(parseTarget(text, connections, providers)).toEqual(target);
});

test.each(['gpt-4o', ':gpt-4o', 'mine:', ''])('%j is no target', (text) => {
  expect(() => parseTarget(text, connections, providers)).toThrow('is not a valid target');
});

test('an unknown name lists the known ones', () => {
  expect(() => parseTarget('nobody:m', connections, providers)).toThrow(
    'Available: mine, openai, practice-openai.',
  );
});

test.each([
  [['a:m,b:n'], ['a:m', 'b:n']],
  [['a:m, b:n ,'], ['a:m', 'b:n']],
  [['a:m,,b:n'], ['a:m', 'b:n']],
  [
    ['a:m', 'b:n'],
    ['a:m', 'b:n'],
  ],
  [['a:gpt-4o@status=429,retry_after=2,b:n'], ['a:gpt-4o@status=429,retry_after=2', 'b:n']],
  [['my server:llama3:8b,b:n'], ['my server:llama3:8b', 'b:n']],
  [['a,b:n'], ['a', 'b:n']],
  [[',', ''], []],
])('%j are the targets %j', (texts, targets) => {
  expect(splitTargets(texts)).toEqual(targets);
});
