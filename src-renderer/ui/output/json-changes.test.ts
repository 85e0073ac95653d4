import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonChanges, type JsonChange } from './json-changes';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Few names and few leaves, so that two values have much in common. */
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 1, 2, 'x', 'y'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b/c', '~', '', '0'), tie('value'), { maxKeys: 4 }),
  ),
}));

/** Applies a change to `value`. */
function apply(value: Json, change: JsonChange): Json {
  const names = change.pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  const put: Json = change.kind === 'removed' ? null : (JSON.parse(change.after) as Json);
  if (last === undefined) return put;
  let parent = value;
  for (const name of names) parent = (parent as Record<string, Json>)[name] ?? null;
  if (Array.isArray(parent)) {
    parent.splice(Number(last), change.kind === 'added' ? 0 : 1, ...(change.kind === 'removed' ? [] : [put]));
  } else if (change.kind === 'removed') {
    delete (parent as Record<string, Json>)[last];
  } else {
    (parent as Record<string, Json>)[last] = put;
  }
  return value;
}

/** Applies removals from the last, since indices refer to the original. */
function applyAll(value: Json, changes: readonly JsonChange[]): Json {
  const removals = changes.filter(({ kind }) => kind === 'removed').toReversed();
  const others = changes.filter(({ kind }) => kind !== 'removed');
  return [...removals, ...others].reduce(apply, structuredClone(value));
}

describe('the diff of two JSON texts', () => {
  it('is empty between a text and itself, whatever the white space', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonChanges(JSON.stringify(value), JSON.stringify(value, null, 3))).toEqual([]);
      }),
    );
  });

  it('turns the first text into the second', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const changes = jsonChanges(JSON.stringify(before), JSON.stringify(after));
        expect(changes && applyAll(before, changes)).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });

  it('names paths and shows values as written', () => {
    expect(
      jsonChanges(
        '{"team":"billing","score":0.50,"tags":["a","b","d"],"old":{"x": 1}}',
        '{"score":0.5,"team":"sales","tags":["a","b","c","d"],"a/b":null}',
      ),
    ).toEqual([
      { kind: 'changed', pointer: '/team', before: '"billing"', after: '"sales"' },
      { kind: 'changed', pointer: '/score', before: '0.50', after: '0.5' },
      { kind: 'added', pointer: '/tags/2', after: '"c"' },
      { kind: 'removed', pointer: '/old', before: '{"x": 1}' },
      { kind: 'added', pointer: '/a~1b', after: 'null' },
    ]);
    expect(jsonChanges('{"a":1,"b":"\\u0041"}', '{"b":"A","a":1}')).toEqual([]);
  });

  it('is null for text that is not JSON, repeats a key, or is too deep', () => {
    expect(jsonChanges('{"a":1,"a":2}', '{"a":2}')).toBeNull();
    expect(jsonChanges('{}', 'Yes: {}')).toBeNull();
    expect(jsonChanges('[]', `${'['.repeat(5000)}${']'.repeat(5000)}`)).toBeNull();
  });
});
