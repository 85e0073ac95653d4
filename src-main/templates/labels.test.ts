import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import { isAppError, newTemplateSchema, type AppError, type Template } from '../../src-shared/domain';
import { archiveTemplate, insertLabelMove } from '../store';
import { createTemplatesService } from '.';

function setup() {
  const store = openTempStore();
  const service = createTemplatesService({ store, clock: createTestClock(), ids: testIds });
  const create = (name: string, parent?: Template): Template =>
    service.create(
      newTemplateSchema.parse({
        name,
        model_id: 'gpt-4o',
        user_prompt_template: name,
        parent_template_id: parent?.template_id,
      }),
    ).template;
  const set = ({ template_id }: Template, label: string) =>
    service.setLabel({ template_id, label, moved_by: null });
  const remove = ({ template_id }: Template, label: string) =>
    service.removeLabel({ template_id, label, moved_by: null });
  const labelled = (label: string) =>
    service.list({ label, include_archived: false, limit: 100 }).items.map(({ name }) => name);
  const labelsOf = ({ template_id }: Template) =>
    service.labels({ template_id }).items.map(({ label }) => label);
  return { store, service, create, set, remove, labelled, labelsOf };
}

function errorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const codeOf = (work: () => unknown): string => errorOf(work).code;

test('a label points to one version of its prompt and moves; other prompts have their own', () => {
  const { create, set, labelled, labelsOf, service } = setup();
  const [first, other] = [create('first'), create('other')];
  const second = create('second', first);
  set(first, 'production');
  set(other, 'production');
  expect(labelled('production')).toEqual(['other', 'first']);
  set(second, 'production');
  set(second, 'draft');
  expect(labelled('production')).toEqual(['second', 'other']);
  expect(labelsOf(first)).toEqual([]);
  expect(service.list({ include_archived: false, limit: 100 }).items).toMatchObject([
    { name: 'second', labels: ['draft', 'production'] },
    { name: 'other', labels: ['production'] },
    { name: 'first', labels: [] },
  ]);
});

test('a trial takes no label', () => {
  const { service, set } = setup();
  const { template: trial } = service.create(
    newTemplateSchema.parse({ name: 'x', model_id: 'm', user_prompt_template: 'x', trial: true }),
  );
  expect(codeOf(() => set(trial, 'production'))).toBe('TEMPLATE_IS_TRIAL');
});

test('moving a label where it points already writes nothing', () => {
  const { create, set, store } = setup();
  const template = create('first');
  const { move_id } = set(template, 'production');
  expect(set(template, 'production').move_id).toBe(move_id);
  expect(store.read.prepare(`SELECT count(*) AS n FROM template_labels`).get()).toEqual({ n: 1 });
});

test('only the template that a label points to can lose it, and an archived one gets none', () => {
  const { create, set, remove, labelsOf, service } = setup();
  const first = create('first');
  const second = create('second', first);
  set(first, 'production');
  expect(codeOf(() => remove(second, 'production'))).toBe('NOT_FOUND');
  expect(labelsOf(first)).toEqual(['production']);
  remove(first, 'production');
  expect(labelsOf(first)).toEqual([]);
  expect(codeOf(() => remove(first, 'production'))).toBe('NOT_FOUND');
  service.archive({ template_id: second.template_id });
  expect(codeOf(() => set(second, 'production'))).toBe('VALIDATION_FAILED');
});

test('a version that a label points to is not archived, and the labels are named', () => {
  const { create, set, remove, service, store } = setup();
  const first = create('first');
  const second = create('second', first);
  for (const label of ['production', 'draft']) set(first, label);
  const archive = () => service.archive({ template_id: first.template_id });
  const refused = errorOf(archive);
  expect(refused.code).toBe('TEMPLATE_LABELLED');
  expect(refused.message).toBe(
    '"second · v1" is not archived: the labels draft, production point to it. Move or remove them first.',
  );
  expect(refused.data).toEqual({ template_id: first.template_id, labels: ['draft', 'production'] });
  expect(service.get({ template_id: first.template_id }).deleted_at).toBeNull();
  expect(
    store.read
      .prepare(`SELECT count(*) AS n FROM audit_leaves WHERE record_type = 'template_archived'`)
      .get(),
  ).toEqual({ n: 0 });
  remove(first, 'draft');
  set(second, 'production');
  expect(archive().deleted_at).not.toBeNull();
});

test('where an older store archived a labelled version, that stays, and the label can be moved or removed', () => {
  const { create, set, remove, service, store, labelsOf } = setup();
  const first = create('first');
  const second = create('second', first);
  for (const label of ['production', 'draft']) set(first, label);
  store.write((tx) => archiveTemplate(tx, first.template_id, '2026-11-01T00:00:00.000Z'));
  expect(service.archive({ template_id: first.template_id }).deleted_at).toBe('2026-11-01T00:00:00.000Z');
  set(second, 'production');
  remove(first, 'draft');
  expect([labelsOf(first), labelsOf(second)]).toEqual([[], ['production']]);
});

test.each([
  ['latest', 'the newest version'],
  ['v3', 'version 3'],
  ['v12', 'version 12'],
])('no label is called %s, which means a version', (label, version) => {
  const { create, set, labelsOf } = setup();
  const first = create('first');
  const refused = errorOf(() => set(first, label));
  expect(refused).toMatchObject({
    code: 'VALIDATION_FAILED',
    message: `label: "${label}" always means ${version} of a prompt: give the label another name`,
  });
  expect(labelsOf(first)).toEqual([]);
  for (const near of ['latest-eu', 'v3.1', 'v', 'x3']) set(first, near);
});

test('a label called latest from before that rule is shown and can be removed', () => {
  const { create, set, remove, labelsOf, store } = setup();
  const first = create('first');
  const second = create('second', first);
  const { org_id, workspace_id, prompt_id, template_id } = first;
  store.write((tx) =>
    insertLabelMove(tx, {
      move_id: testIds.uuid(),
      org_id,
      workspace_id,
      prompt_id,
      template_id,
      label: 'latest',
      moved_at: '2026-11-01T00:00:00.000Z',
      moved_by: null,
    }),
  );
  expect(labelsOf(first)).toEqual(['latest']);
  expect(codeOf(() => set(second, 'latest'))).toBe('VALIDATION_FAILED');
  remove(first, 'latest');
  expect(labelsOf(first)).toEqual([]);
});

test('after any moves each label is where it was put last, and the log has every move', () => {
  const step = fc.record({
    template: fc.nat(2),
    label: fc.constantFrom('draft', 'production', 'v1.2'),
    put: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { create, set, remove, labelsOf, store } = setup();
      const first = create('a');
      const templates = [first, create('b', first), create('c', first)];
      const at = new Map<string, number>();
      let moves = 0;
      for (const { template, label, put } of steps) {
        const target = templates[template];
        if (!target) continue;
        const here = at.get(label) === template;
        if (put) {
          set(target, label);
          at.set(label, template);
          if (!here) moves += 1;
        } else if (here) {
          remove(target, label);
          at.delete(label);
          moves += 1;
        }
      }
      templates.forEach((template, index) => {
        const expected = [...at].filter(([, place]) => place === index).map(([label]) => label);
        expect(labelsOf(template)).toEqual(expected.toSorted());
      });
      expect(
        store.read.prepare(`SELECT count(*) AS n FROM audit_leaves WHERE record_type = 'label'`).get(),
      ).toEqual({ n: moves });
    }),
    { numRuns: 40 },
  );
});
