import { describe, expect, test } from 'vitest';
import { exampleOf, variableShapes } from './shapes';
import { valueOf, valueProblem } from './values';

test.each([
  ['{{ a }} {{b}} {{- a -}}', ['a', 'b']],
  ['{{ user.name | default: fallback }}', ['user', 'fallback']],
  ['{{ "quoted name" | append: tail }}', ['tail']],
  ['{% if ready and count > 3 %}{{ x }}{% else %}{{ y }}{% endif %}', ['ready', 'count', 'x', 'y']],
  ['{% for item in items %}{{ item.name }}{{ forloop.index }}{% endfor %}', ['items']],
  ['{% for i in (1..count) %}{{ i }}{% endfor %}', ['count']],
  ['{% assign total = price | times: amount %}{{ total }}', ['price', 'amount']],
  ['{% comment %}{{ hidden }}{% endcomment %}{% raw %}{{ raw }}{% endraw %}{{ shown }}', ['shown']],
  ['no markup, { braces } and 100 %', []],
])('names of %s', (source, expected) => expect([...variableShapes(source).keys()]).toEqual(expected));

const examples = (source: string): unknown =>
  Object.fromEntries([...variableShapes(source)].map(([name, shape]) => [name, exampleOf(name, shape)]));

test.each([
  ['{{ a }} {{ a.size }} {{ a | size }}', { a: '⟨a⟩' }],
  [
    '{{ user.name }} {{ user.address.city }}',
    { user: { name: '⟨user.name⟩', address: { city: '⟨user.address.city⟩' } } },
  ],
  ['{% for tag in tags %}{{ tag }}{% endfor %}', { tags: ['⟨tags⟩'] }],
  [
    '{% for mail in box.mails %}{{ mail.subject }}{% endfor %}',
    { box: { mails: [{ subject: '⟨box.mails.subject⟩' }] } },
  ],
  ['{% for i in (1..count) %}{{ i }}{% endfor %}', { count: '⟨count⟩' }],
  ['{{ rows[0].id }} {{ names.first }}', { rows: [{ id: '⟨rows.id⟩' }], names: ['⟨names⟩'] }],
  [
    '{% for row in rows %}{% for cell in row.cells %}{{ cell }}{% endfor %}{% endfor %}',
    { rows: [{ cells: ['⟨rows.cells⟩'] }] },
  ],
])('an example for %s', (source, expected) => expect(examples(source)).toEqual(expected));

describe('what is typed', () => {
  const shapes = variableShapes('{{ text }}{% for tag in tags %}{{ tag }}{% endfor %}');

  test('is JSON if the template iterates over it', () => {
    expect(valueOf('["a", "b"]', shapes.get('tags'))).toEqual(['a', 'b']);
  });

  test('is text if the template prints it, brackets or not', () => {
    expect(valueOf('["a", "b"]', shapes.get('text'))).toBe('["a", "b"]');
    expect(valueProblem('[1', shapes.get('text'))).toBeUndefined();
  });

  test('stays unchanged, with a message, while it is not JSON yet', () => {
    expect(valueOf('["a", ', shapes.get('tags'))).toBe('["a", ');
    expect(valueProblem('["a", ', shapes.get('tags'))).toMatch(/JSON/);
    expect(valueProblem('plain', shapes.get('tags'))).toBeUndefined();
  });

  test.each([
    ['[{"id": 12345678901234567890}]', /^JSON, line 1, column 9: the number .* cannot be kept exactly/],
    ['[{"a": 1,\n"a": 2}]', /^JSON, line 2, column 1: The key "a" is repeated/],
  ])('is never changed on the way: %s', (typed, said) => {
    expect(valueOf(typed, shapes.get('tags'))).toBe(typed);
    expect(valueProblem(typed, shapes.get('tags'))).toMatch(said);
  });
});
