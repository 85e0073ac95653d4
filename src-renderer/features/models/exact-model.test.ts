import { expect, test } from 'vitest';
import { UNKNOWN_DIALECT, type Connection, type ListedModel } from '../../../src-shared/domain';
import { exactModel, type ChosenConnection } from './exact-model';

const LISTED: ListedModel = {
  model_id: 'gpt-4o',
  display_name: null,
  created_at: null,
  retires_at: null,
  context_tokens: null,
  price: null,
};
const CONNECTION: Connection = {
  connection_id: '',
  org_id: 'local',
  name: '',
  provider: 'openai',
  base_url: null,
  key_source: 'none',
  key_env: null,
  key_available: true,
  concurrency: 1,
  is_default: true,
  created_at: '2026-12-01T00:00:00.000Z',
  last_test_at: null,
  last_test_ok: null,
  last_test_message: null,
  dialect: UNKNOWN_DIALECT,
};
const on = (connection_id: string, provider: string, model_id = 'gpt-4o', is_default = true) => ({
  ...LISTED,
  model_id,
  connection: { ...CONNECTION, connection_id, provider, is_default },
});

const models = [
  on('practice', 'practice-openai'),
  on('second', 'openai', 'gpt-4o', false),
  on('first', 'openai'),
  on('practice', 'practice-openai', 'gpt-4o-mini'),
];
const recent = [
  { connection_id: 'gone', model_id: 'gpt-4o' },
  { connection_id: 'first', model_id: 'gpt-4o' },
];

test.each<[string, string, ChosenConnection, typeof recent, string | undefined]>([
  ['the connection in use', 'gpt-4o', { connection_id: 'second' }, recent, 'second'],
  ['the default connection of the provider in use', 'gpt-4o', { provider: 'openai' }, [], 'first'],
  ['the one picked last, where none is in use', 'gpt-4o', {}, recent, 'first'],
  [
    'the one picked last, where the one in use does not list it',
    'gpt-4o',
    { connection_id: 'x' },
    recent,
    'first',
  ],
  ['the first, where none was picked', 'gpt-4o', { provider: '' }, [], 'practice'],
  ['none, where only part of an id was typed', 'gpt-4', {}, recent, undefined],
])('an id that was typed in full is reached by %s', (_which, typed, chosen, picked, connection) => {
  expect(exactModel(models, picked, typed, chosen)?.connection.connection_id).toBe(connection);
});
