import { expect, test } from 'vitest';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import { createSampleLibrary, createTemplatesService, renderPrompt } from '.';

function setup() {
  const clock = createTestClock();
  const store = openTempStore({ clock });
  const templates = createTemplatesService({ store, clock, ids: testIds });
  return { store, templates, library: createSampleLibrary({ store, templates }) };
}

test('every sample renders with each of its rows, and uses a provider that needs no key', () => {
  const samples = setup().library.samples();
  expect(samples).toHaveLength(8);
  for (const { template, rows } of samples) {
    expect(template.provider, template.name).toMatch(/^practice-/);
    for (const { input: variables } of rows) {
      const texts = {
        system_instructions: template.system_instructions ?? '',
        user_prompt_template: template.user_prompt_template ?? '',
      };
      expect(renderPrompt(texts, variables).user, template.name).not.toContain('{{');
    }
  }
});

test('installing adds what is not there yet and stops the offer', () => {
  const { templates, library } = setup();
  expect(library.offered()).toBe(true);
  const first = library.install();
  expect(first).toEqual({ created: library.samples().length, template_ids: expect.any(Array) });
  expect(first.template_ids.map((id) => templates.get({ template_id: id }).name)).toEqual(
    library.samples().map(({ template }) => template.name),
  );
  expect(library.offered()).toBe(false);

  templates.archive({ template_id: first.template_ids[0] ?? '' });
  const second = library.install();
  expect(second.created).toBe(1);
  expect(second.template_ids.slice(1)).toEqual(first.template_ids.slice(1));
});

test('it is not offered again once declined, nor to somebody who has made a template', () => {
  const declined = setup().library;
  expect(declined.dismiss()).toEqual({ sample_offered: false });
  expect(declined.offered()).toBe(false);

  const { templates, library } = setup();
  templates.create({
    org_id: 'default',
    workspace_id: 'default',
    name: 'Mine',
    model_id: 'gpt-4o',
    user_prompt_template: 'Hi',
  });
  expect(library.offered()).toBe(false);
});
