import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Core } from '../ports';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const OWNER = { org_id: 'default', workspace_id: 'default' };
const put = (core: Core, name: string, text: string) => core.partials.put({ ...OWNER, name, text });
const rendered = (core: Core, template_id: string, variables = {}) =>
  core.templates.render({ template_id, variables }).user;

test('a template keeps the text that it was frozen with, and says when there is a newer one', async () => {
  const { core } = await practiceCore();
  const { partial } = put(core, 'tone', 'Be brief, {{ name }}.');
  const template = newTemplate(core, {
    user_prompt_template: '{{ first }} {% if true %}{% render "tone" %}{% endif %} {{ last }} {{ name }}',
  });
  expect(template.includes).toEqual([{ name: 'tone', text_sha256: hash('sha256', 'Be brief, {{ name }}.') }]);
  expect(template.variables).toEqual(['first', 'name', 'last']);
  expect(core.partials.ofTemplate(template).items).toMatchObject([{ name: 'tone', newer: null }]);

  const later = put(core, 'tone', 'Be long.').partial;
  expect(rendered(core, template.template_id, { first: 1, name: 'Ada', last: 2 })).toBe(
    '1 Be brief, Ada. 2 Ada',
  );
  expect(core.partials.ofTemplate(template).items).toEqual([
    { name: 'tone', text: partial.text, text_sha256: partial.text_sha256, newer: later },
  ]);
  expect(core.partials.list({ ...OWNER, limit: 5 }).items).toEqual([later]);
  expect(core.partials.get({ ...OWNER, name: 'tone', text_sha256: partial.text_sha256 })).toEqual(partial);

  // The same texts with the newer partial are another configuration; with the old one named, the same.
  const texts = { user_prompt_template: template.user_prompt_template };
  expect(newTemplate(core, texts).config_sha256).not.toBe(template.config_sha256);
  expect(() => newTemplate(core, { ...texts, includes: template.includes })).toThrow(
    expect.objectContaining({ code: 'TEMPLATE_DUPLICATE' }) as Error,
  );
});

test('a run sends the frozen text', async () => {
  const { core } = await practiceCore();
  put(core, 'tone', 'Be brief.\r\nVery.');
  const { template_id } = newTemplate(core, { user_prompt_template: 'Say hi. {% render "tone" %}' });
  put(core, 'tone', 'Be long.');
  const { run } = await core.runs.start({ template_id });
  expect(run.rendered_prompt).toBe('Say hi. Be brief.\nVery.');
  expect(JSON.stringify(run.request_json)).toContain('Be brief.\\nVery.');
});

test('a partial sees the variables of the prompt, and nothing that the text assigns', async () => {
  const { core } = await practiceCore();
  put(core, 'inner', '{{ x | default: "none" }}/{{ y | default: "none" }}');
  const { template_id, variables } = newTemplate(core, {
    user_prompt_template:
      '{% assign y = "mine" %}{% render "inner" %}{% for i in (1..2) %}{% render "inner" %}{% endfor %}',
  });
  expect(variables).toEqual(['x', 'y']);
  expect(rendered(core, template_id, { x: 'given' })).toBe('given/none'.repeat(3));
});

test('its missing variables are named like any', async () => {
  const { core } = await practiceCore();
  put(core, 'tone', '{{ a }}{{ b }}');
  const { template_id } = newTemplate(core, { user_prompt_template: '{{ z }}{% render "tone" %}' });
  expect(() => rendered(core, template_id, { a: 1 })).toThrow(
    expect.objectContaining({ code: 'MISSING_VARIABLE', data: { variables: ['z', 'b'] } }) as Error,
  );
});

test('what is not there is refused by name, before anything is stored', async () => {
  const { core } = await practiceCore();
  const refused = (more: Parameters<typeof newTemplate>[1], path: string, message: RegExp) =>
    expect(() => newTemplate(core, more)).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        data: { fields: [{ path, message: expect.stringMatching(message) as string }] },
      }) as Error,
    );
  const uses = { user_prompt_template: 'Hi {% render "tone" %}' };
  refused(uses, 'user_prompt_template', /no partial "tone"/);
  const { partial } = put(core, 'tone', 'x');
  refused(
    { ...uses, includes: [{ name: 'tone', text_sha256: 'a'.repeat(64) }] },
    'includes.0.text_sha256',
    /never had/,
  );
  refused(
    { user_prompt_template: 'Hi', includes: [{ name: 'tone', text_sha256: partial.text_sha256 }] },
    'includes.0.name',
    /no text uses/,
  );
  // Of another workspace, it is not this one's.
  refused({ ...uses, workspace_id: 'other' }, 'user_prompt_template', /no partial "tone"/);
  expect(core.templates.list({ include_archived: true, limit: 5 }).total).toBe(0);
});

test('a text with a mistake or with partials of its own is none', async () => {
  const { core } = await practiceCore();
  expect(() => put(core, 'tone', '{% if %}')).toThrow(
    expect.objectContaining({ code: 'TEMPLATE_SYNTAX' }) as Error,
  );
  put(core, 'other', 'x');
  expect(() => put(core, 'tone', '{% render "other" %}')).toThrow(
    expect.objectContaining({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('"other"') as string,
    }) as Error,
  );
  expect(put(core, 'other', 'x').replayed).toBe(true);
  expect(put(core, 'other', 'y').replayed).toBe(false);
  expect(put(core, 'other', 'x').replayed).toBe(false);
});
