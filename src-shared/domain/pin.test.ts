import { expect, test } from 'vitest';
import { pinFor, pinsInForce, type PinChange } from './pin';

const template = { provider: 'a', model_id: 'm', model_version_constraint: null };
const frozen = { ...template, model_version_constraint: 'own' };

const change = (
  provider: string | null,
  model_id: string,
  provider_version_key: string | null,
  isFromBefore = false,
): PinChange => ({ provider, model_id, provider_version_key, isFromBefore });

const at = (provider: string | null, model_id = 'm') => ({ provider, model_id });

test.each([
  ['no pin', template, [], at('a'), null],
  [
    'the newest pin of the model',
    template,
    [change('a', 'm', 'two'), change('a', 'm', 'one')],
    at('a'),
    'two',
  ],
  ['no pin of another model', template, [change('a', 'n', 'v')], at('a'), null],
  ['no pin of another provider', template, [change('b', 'm', 'v')], at('a'), null],
  ['a pin at any provider', template, [change(null, 'm', 'v')], at('a'), 'v'],
  [
    'a newer pin at any provider',
    template,
    [change(null, 'm', 'all'), change('a', 'm', 'v')],
    at('a'),
    'all',
  ],
  ['an unpin of one provider', template, [change('a', 'm', null), change(null, 'm', 'all')], at('a'), null],
  ['the pin that it leaves', template, [change('a', 'm', null), change(null, 'm', 'all')], at('b'), 'all'],
  ['any pin, where the provider is unknown', template, [change('b', 'm', 'v')], at(null), 'v'],
  ['a pin from before', template, [change(null, 'm', 'old', true)], at('b'), 'old'],
  [
    'the newest of these',
    template,
    [change(null, 'n', 'o', true), change(null, 'm', 'old', true)],
    at('a'),
    null,
  ],
  [
    'a pin rather than one from before',
    template,
    [change('a', 'm', 'v'), change(null, 'm', 'o', true)],
    at('a'),
    'v',
  ],
  ['the own constraint', frozen, [change('a', 'm', 'v')], at('a'), 'own'],
  ['the own constraint, not lifted', frozen, [change('a', 'm', null)], at('a'), 'own'],
  ['no own constraint on another model', frozen, [], at('a', 'n'), null],
  ['no own constraint at another provider', frozen, [], at('b'), null],
  ['the own constraint of no provider', { ...frozen, provider: null }, [], at('b'), 'own'],
] as const)('a run is held to %s', (_, held, changes, model, expected) => {
  expect(pinFor(held, changes, model)).toBe(expected);
});

test('the pins in force are one for each model and provider, those of the own model first', () => {
  const changes = [
    change('b', 'm', null),
    change('c', 'n', 'n1'),
    change(null, 'm', 'all'),
    change('a', 'm', 'older'),
    change('a', 'o', null),
  ];
  expect(pinsInForce(template, changes)).toEqual([
    { provider: 'b', model_id: 'm', provider_version_key: null, frozen: false },
    { provider: null, model_id: 'm', provider_version_key: 'all', frozen: false },
    { provider: 'c', model_id: 'n', provider_version_key: 'n1', frozen: false },
  ]);
  expect(pinsInForce(frozen, changes).slice(0, 2)).toEqual([
    { provider: 'a', model_id: 'm', provider_version_key: 'own', frozen: true },
    { provider: 'b', model_id: 'm', provider_version_key: null, frozen: false },
  ]);
  expect(pinsInForce({ ...frozen, provider: null }, changes).map(({ model_id }) => model_id)).toEqual([
    'm',
    'n',
  ]);
});
