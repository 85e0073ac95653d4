import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Variables } from '../../src-shared/domain';
import { optionalVariables, renderedPromptOf, renderedPromptSha256, renderPrompt, staticVariables } from '.';

function render(user_prompt_template: string, variables: Variables = {}): string {
  return renderPrompt({ system_instructions: '', user_prompt_template }, variables).user;
}

function failure(user_prompt_template: string, variables: Variables = {}): unknown {
  try {
    return render(user_prompt_template, variables);
  } catch (error) {
    return error;
  }
}

test('both texts are rendered with the same variables', () => {
  expect(
    renderPrompt(
      { system_instructions: 'Be {{ tone }}.', user_prompt_template: '{{ tone }}: {{ text }}' },
      {
        tone: 'brief',
        text: 'Hi',
      },
    ),
  ).toEqual({ system: 'Be brief.', user: 'brief: Hi' });
});

test.each<[string, Variables, string]>([
  ['{{ x }}', { x: '<b>&"' }, '<b>&"'],
  ['[{{ x }}]', { x: null }, '[]'],
  ['[{{ x.y }}]', { x: null }, '[]'],
  ['{{ x }}', { x: 1.1 }, '1.1'],
  ['{{ x }}', { x: 1e21 }, '1e+21'],
  ['{{ x }}', { x: false }, 'false'],
  ['{{ x }}', { x: ['a', 'b', 3] }, 'ab3'],
  ['{{ x }}', { x: { a: 1, b: ['c'] } }, '{"a":1,"b":["c"]}'],
  ['{{ x }}', { x: [{ a: 1 }, { b: 2 }] }, '{"a":1}{"b":2}'],
  ['{{ x | json }}', { x: [{ a: 1 }] }, '[{"a":1}]'],
  ['{{ x.a.b }}', { x: { a: { b: 'deep' } } }, 'deep'],
  ['{{ x | upcase }}', { x: 'a' }, 'A'],
  ['{% for i in x %}{{ i.n }};{% endfor %}', { x: [{ n: 1 }, { n: 2 }] }, '1;2;'],
  ['{% if x == empty %}none{% endif %}{{ empty }}', { x: [] }, 'none'],
  ['{"a": 1} { % % }', {}, '{"a": 1} { % % }'],
  ['{% raw %}{{ x }}{% endraw %}', {}, '{{ x }}'],
  ['', {}, ''],
])('%j with %j is %j', (template, variables, expected) => {
  expect(render(template, variables)).toBe(expected);
});

test('values are data: whatever is in them comes out as it is, and is never expanded', () => {
  expect(render('{{ x }}', { x: '{{ y }}{% include "a" %}', y: 'secret' })).toBe('{{ y }}{% include "a" %}');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (x) => {
      expect(render('>{{ x }}<', { x })).toBe(`>${x}<`);
    }),
  );
});

test('a text without braces comes out as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!text.includes('{'));
      expect(render(text)).toBe(text);
    }),
  );
});

test('every missing variable is named at once, with its path, in both texts', () => {
  expect(() =>
    renderPrompt(
      {
        system_instructions: 'Be {{ tone }}.',
        user_prompt_template:
          '{{ given }}{{ user.name }}{{ text }}{{ text }}{% for i in items %}{{ i.x }}{% endfor %}',
      },
      { given: 'x', user: {} },
    ),
  ).toThrow(
    expect.objectContaining({
      code: 'MISSING_VARIABLE',
      message: '4 variables have no value: tone, user.name, text, items.',
      data: { variables: ['tone', 'user.name', 'text', 'items'] },
    }),
  );
});

test.each<[string, Variables, string[]]>([
  ['{{ x }}', {}, ['x']],
  ['{{ x.y }}', { x: 'text' }, ['x.y']],
  ['{{ x[0] }}', { x: [] }, ['x.0']],
  ['{{ x.first }}', { x: [] }, ['x.first']],
  ['{% if x %}{% endif %}', {}, ['x']],
  ['{{ constructor }}', {}, ['constructor']],
  ['{{ x.toString }}', { x: {} }, ['x.toString']],
  ['{{ x | default: "a" }}{{ y }}{{ x }}', {}, ['y', 'x']],
  ['{{ x | upcase | default: "a" }}', {}, ['x']],
  ['{{ x | default: y }}', {}, ['y']],
  ['{{ x }}{{ y.size }}{{ z.a }}', { y: [], z: null }, ['x']],
])('%j with %j misses %j', (template, variables, missing) => {
  expect(failure(template, variables)).toMatchObject({
    code: 'MISSING_VARIABLE',
    data: { variables: missing },
  });
});

test.each<[string, Variables, string]>([
  ['{{ x | default: "a" }}', {}, 'a'],
  ['{{ x | default: "a" }}', { x: 'given' }, 'given'],
  ['{{ x.y.z | default: "a" | upcase }}', { x: {} }, 'A'],
  ['{% if true %}{% assign n = x | default: 3 %}{{ n }}{% endif %}', {}, '3'],
  ['{% for i in list %}{{ i.n | default: "-" }}{% endfor %}', { list: [{ n: 1 }, {}] }, '1-'],
])('%j with %j is %j: what has a default may be missing', (template, variables, expected) => {
  expect(render(template, variables)).toBe(expected);
  expect(staticVariables({ system_instructions: '', user_prompt_template: template })).toHaveLength(1);
});

test.each([
  ['{{ x | default: "a" }}{{ y }}', ['x']],
  ['{{ x | default: "a" }}{{ x }}', []],
  ['{{ x.y | default: "a" }}{{ x.z | default: x.y }}', []],
  ['{% if x %}{{ x | default: "a" }}{% endif %}', []],
])('%s can do without %j', (template, optional) => {
  expect(optionalVariables({ system_instructions: '', user_prompt_template: template })).toEqual(optional);
});

test('unused variables do no harm, and what the text assigns is not asked for', () => {
  expect(render('{% assign a = x | append: "!" %}{{ a }}', { x: 'hi', unused: 1 })).toBe('hi!');
});

test.each<[string, number, number, RegExp]>([
  ['{{ x | nosuchfilter }}', 1, 1, /undefined filter: nosuchfilter/],
  ['{{ "a,b" | split: "," | sample }}', 1, 1, /undefined filter: sample/],
  ['a\nb {% if x', 2, 3, /not closed/],
  ['{% if x %}', 1, 1, /not closed/],
  ['{"list": {{"x": 1}}}', 1, 16, /expected/],
  ['{% include "package.json" %}', 1, 1, /"include" not found/],
  ['{% render "package.json" %}', 1, 1, /the name of a partial in quotes/],
  ['{% render tone %}', 1, 1, /the name of a partial in quotes/],
  ['a{% render "tone" %}', 1, 2, /no partial "tone"/],
  ['{% layout "a" %}', 1, 1, /"layout" not found/],
  ['{% block a %}{% endblock %}', 1, 1, /"block" not found/],
])('%j is a syntax error with its place', (template, line, column, message) => {
  expect(failure(template)).toMatchObject({
    code: 'TEMPLATE_SYNTAX',
    message: expect.stringMatching(message),
    data: { field: 'user_prompt_template', line, column },
  });
  expect(() => staticVariables({ system_instructions: template, user_prompt_template: '' })).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ field: 'system_instructions' }) }),
  );
});

test.each([
  ['a loop without end', '{% for i in (1..999999999) %}x{% endfor %}'],
  ['nesting without end', `${'{% if 1 %}'.repeat(50_000)}${'{% endif %}'.repeat(50_000)}`],
  ['a text that doubles', `{% assign x = "0123456789" %}${'{% assign x = x | append: x %}'.repeat(40)}`],
])('%s is stopped', (_, template) => {
  expect(failure(template)).toMatchObject({ code: 'RENDER_LIMIT' });
});

test('a long partial that is used very often is stopped, and says that this is too much', () => {
  const partials = { key: 'long', texts: new Map([['long', 'x'.repeat(1_000_000)]]) };
  const use = (times: number) => () =>
    renderPrompt(
      { system_instructions: '', user_prompt_template: '{% render "long" %}'.repeat(times) },
      {},
      partials,
    );
  expect(use(3)().user).toHaveLength(3_000_000);
  expect(use(2_000)).toThrow(
    expect.objectContaining({ code: 'RENDER_LIMIT', message: expect.stringContaining('memory alloc limit') }),
  );
});

test('static variables: names in order of first use, each once, without what the text assigns', () => {
  expect(
    staticVariables({
      system_instructions: 'Be {{ tone }}.',
      user_prompt_template:
        '{% if country %}{{ brand }}{% endif %}{% assign a = zed %}{{ a }}{{ tone }}{{ user.name }}{{ user["id"] }}\n' +
        '{% for row in rows %}{{ row.x }}{{ forloop.index }}{{ table[key] }}{% endfor %}{{ 10 }}{{ 7 }}',
    }),
  ).toEqual(['tone', 'country', 'brand', 'zed', 'user', 'rows', 'table', 'key']);
});

test('20,000 variables are found in order', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `v${(index * 7) % 20_000}`);
  const text = names.map((name, index) => `{{ ${name} }}${index % 3 === 0 ? '\n' : ' '}`).join('');
  expect(staticVariables({ system_instructions: '', user_prompt_template: text })).toEqual(names);
});

test('the rendered prompt is the exact text: system instructions, an empty line, the user prompt', () => {
  expect(renderedPromptOf({ system: 'Be brief. ', user: 'Hi\r\n' })).toBe('Be brief. \n\nHi\r\n');
  expect(renderedPromptOf({ system: '', user: 'Hi' })).toBe('Hi');
  // printf 'Hi' | sha256sum
  expect(renderedPromptSha256({ system: '', user: 'Hi' })).toBe(
    '3639efcd08abb273b1619e82e78c29a7df02c1051b1820e99fc395dcaa3326b8',
  );
});

test('many different templates in turn render right, more than are kept compiled', () => {
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 200; index++)
      expect(render(`${index}: {{ x }}`, { x: round })).toBe(`${index}: ${round}`);
  }
});

test.each([
  '{% assign note = nil %}[{{ note }}]',
  '[{{ nil }}]',
  '[{{ given | default: nil }}]',
  '{% capture text %}{{ nil }}{% endcapture %}[{{ text }}]',
  '{% assign list = "a,b" | split: "," %}[{{ list | first | replace: "a", "" }}{{ nil }}]',
])('nil is written as nothing: %s', (template) => {
  expect(render(template, { given: null })).toBe('[]');
});

test.each([
  ['{{ text | split: "" | join: "-" }}', 'ab😀'],
  ['{{ text | split: "" | first }}', '😀'],
])('a filter that leaves half a character is refused with its place: %s', (template, text) => {
  expect(failure(template, { text })).toMatchObject({
    code: 'VALIDATION_FAILED',
    data: { fields: [{ path: 'user_prompt_template', message: expect.stringMatching(/position \d+/) }] },
  });
});

test.each<[string, Variables]>([
  ['{{ x | divided_by: 0 }}', { x: 1 }],
  ['{{ 0 | divided_by: x }}', { x: 0 }],
  ['{{ 7 | modulo: x }}', { x: 0 }],
  ['{{ x | times: x }}', { x: 1e200 }],
  ['{% assign half = x | divided_by: 0 %}{% if half > 1 %}much{% endif %}', { x: 1 }],
])('a calculation without a result is refused with its place: %s', (template, variables) => {
  expect(failure(template, variables)).toMatchObject({
    code: 'TEMPLATE_SYNTAX',
    message: expect.stringMatching(/line 1.*has no result here/) as string,
  });
});

test('calculations with a result are as they were', () => {
  const text =
    '{{ 7 | divided_by: 2 }}|{{ -7 | modulo: 3 }}|{{ x | times: 2 }}|{{ l | sum }}|{{ o | sum: "n" }}|{{ x | plus: "1" }}';
  expect(render(text, { x: 'abc', l: [1, 2], o: [{ n: 3 }, { n: 4 }] })).toBe('3.5|2|0|3|7|1');
});
