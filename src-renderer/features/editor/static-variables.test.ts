import { expect, test } from 'vitest';
import { staticVariables } from './static-variables';

test.each([
  ['{{ a }} {{b}} {{- a -}}', ['a', 'b']],
  ['{{ user.name | default: fallback }}', ['user', 'fallback']],
  ['{{ "quoted name" | append: tail }}', ['tail']],
  ['{% if ready and count > 3 %}{{ x }}{% else %}{{ y }}{% endif %}', ['ready', 'count', 'x', 'y']],
  ['{% for item in items %}{{ item.name }}{{ forloop.index }}{% endfor %}', ['items']],
  ['{% assign total = price | times: amount %}{{ total }}', ['price', 'amount']],
  ['{% comment %}{{ hidden }}{% endcomment %}{% raw %}{{ raw }}{% endraw %}{{ shown }}', ['shown']],
  ['no markup, { braces } and 100 %', []],
])('%s', (source, expected) => expect(staticVariables(source)).toEqual(expected));
