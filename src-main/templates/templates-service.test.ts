import { createHash } from 'node:crypto';
import { applyPatch } from 'rfc6902';
import { expect, test } from 'vitest';
import templateVectors from '../../test/vectors/templates.json';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import {
  isAppError,
  newTemplateSchema,
  namedTemplateSchema,
  type NewTemplateInput,
} from '../../src-shared/domain';
import { createTemplatesService } from '.';

function setup() {
  const clock = createTestClock();
  const store = openTempStore({ clock });
  const service = createTemplatesService({ store, clock, ids: testIds });
  const create = (input: Partial<NewTemplateInput> = {}, idempotency_key?: string) =>
    service.create({
      ...newTemplateSchema.parse({
        name: 'Triage',
        model_id: 'gpt-4o',
        user_prompt_template: 'Sort.',
        ...input,
      }),
      idempotency_key,
    });
  const count = () => store.read.prepare<[], { n: number }>(`SELECT count(*) AS n FROM templates`).get()?.n;
  return { clock, store, service, create, count };
}

function errorOf(work: () => unknown): { code: string; data: Readonly<Record<string, unknown>> } {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a created template has every field, filled in, and is found again', () => {
  const { service, create } = setup();
  const { template, replayed } = create({
    system_instructions: 'Be {{ tone }}.',
    user_prompt_template: '{{ text }}',
    inference_params: { temperature: 0.2 },
  });
  expect(replayed).toBe(false);
  expect(template).toMatchObject({
    org_id: 'default',
    workspace_id: 'default',
    description: null,
    country_set: [],
    grounding_mode: 'none',
    als: false,
    variables: ['tone', 'text'],
    deleted_at: null,
  });
  expect(service.get({ template_id: template.template_id })).toEqual(template);
  expect(namedTemplateSchema.parse(template)).toEqual(template);
  expect(errorOf(() => service.get({ template_id: 'nobody' })).code).toBe('NOT_FOUND');
});

test.each(templateVectors)('the configuration hash is the frozen one: $case', ({ template, sha256 }) => {
  const { service } = setup();
  const input = newTemplateSchema.parse(template);
  expect(service.checkDuplicate(input).config_sha256).toBe(sha256);
  expect(service.create(input).template.config_sha256).toBe(sha256);
  expect(service.checkDuplicate(input).exact_match).toBe(true);
});

test('the same configuration again is refused with what it is a duplicate of and what differs', () => {
  const { service, create, count } = setup();
  const first = create({
    name: 'Triage',
    user_prompt_template: 'Sort\r\n{{ text }}',
    inference_params: { temperature: 0.7, stop: null },
    country_set: ['CH', 'DE'],
  }).template;
  const input = {
    name: 'Sorting',
    user_prompt_template: 'Sort\n{{ text }}',
    inference_params: { temperature: 0.7 },
    country_set: ['de', 'CH', 'DE'],
    message: 'second try',
  };

  const error = errorOf(() => create(input));
  expect(error.code).toBe('TEMPLATE_DUPLICATE');
  const stored = { template_id: first.template_id, name: 'Triage', prompt_name: 'Triage', version_number: 1 };
  expect(error.data).toMatchObject(stored);
  const patched = structuredClone(first);
  const diff = error.data['diff'];
  if (!Array.isArray(diff)) throw new Error('no diff');
  expect(applyPatch(patched, diff).every((result) => result === null)).toBe(true);
  // Countries are kept as ISO 3166 writes them.
  expect(patched).toMatchObject({ ...input, country_set: ['DE', 'CH', 'DE'] });
  expect(diff.map((operation: { path: string }) => operation.path)).toEqual([
    '/name',
    '/user_prompt_template',
    '/country_set',
    '/inference_params',
    '/message',
  ]);
  expect(count()).toBe(1);
  expect(service.checkDuplicate(newTemplateSchema.parse({ model_id: 'gpt-4o', ...input }))).toEqual({
    exact_match: true,
    ...stored,
    differences: [{ path: 'user_prompt_template', reason: expect.stringContaining('line ends') }],
    config_sha256: first.config_sha256,
    near: [],
  });
});

test('five at once: one is created, four are duplicates of it', async () => {
  const { create, count } = setup();
  const attempts = await Promise.allSettled(
    Array.from({ length: 5 }, async () => {
      await new Promise(setImmediate);
      return create().template.template_id;
    }),
  );
  const created = attempts.filter((attempt) => attempt.status === 'fulfilled').map(({ value }) => value);
  const refused = attempts.filter((attempt) => attempt.status === 'rejected').map(({ reason }) => reason);
  expect(created).toHaveLength(1);
  expect(refused).toEqual(
    Array.from({ length: 4 }, () =>
      expect.objectContaining({
        code: 'TEMPLATE_DUPLICATE',
        data: expect.objectContaining({ template_id: created[0] }),
      }),
    ),
  );
  expect(count()).toBe(1);
});

test('another workspace may have the same configuration', () => {
  const { create, count } = setup();
  create();
  expect(create({ workspace_id: 'team' }).template.workspace_id).toBe('team');
  expect(create({ org_id: 'other' }).template.org_id).toBe('other');
  expect(count()).toBe(3);
});

test('what matters to the model makes another template, what does not makes a duplicate', () => {
  const { create } = setup();
  create({ user_prompt_template: 'a' });
  for (const other of [
    { user_prompt_template: 'a ' },
    { user_prompt_template: 'a', model_id: 'gpt-4o-mini' },
    { user_prompt_template: 'a', als: true },
    { user_prompt_template: 'a', provider: 'openai' },
    { user_prompt_template: 'a', inference_params: { temperature: 0 } },
    { user_prompt_template: 'a', grounding_mode: 'required' as const },
    { user_prompt_template: 'a', model_version_constraint: 'fp' },
    { user_prompt_template: 'a', response_schema: {} },
  ]) {
    create(other);
  }
  for (const same of [{ name: 'B' }, { description: 'd' }, { version_label: 'v' }, { created_by: 'me' }]) {
    expect(errorOf(() => create({ user_prompt_template: 'a', ...same })).code).toBe('TEMPLATE_DUPLICATE');
  }
});

test('archiving frees the configuration; archiving again changes nothing', () => {
  const { service, create } = setup();
  const { template } = create();
  const archived = service.archive({ template_id: template.template_id });
  expect(archived).toEqual({ ...template, deleted_at: archived.deleted_at });
  expect(archived.deleted_at).not.toBeNull();
  expect(service.archive({ template_id: template.template_id })).toEqual(archived);
  expect(service.checkDuplicate(newTemplateSchema.parse({ name: 'x', model_id: 'gpt-4o' })).exact_match).toBe(
    false,
  );
  expect(create().template.template_id).not.toBe(template.template_id);
  expect(errorOf(() => service.archive({ template_id: 'nobody' })).code).toBe('NOT_FOUND');
});

test('an idempotency key replays its first answer, byte for byte, even after archiving', () => {
  const { service, create, count } = setup();
  const first = create({ inference_params: { a: 1, b: 2 } }, 'key-1');
  const again = create({ inference_params: { b: 2.0, a: 1 } }, 'key-1');
  expect(again).toEqual({ template: first.template, replayed: true });
  service.archive({ template_id: first.template.template_id });
  expect(create({ inference_params: { a: 1, b: 2 } }, 'key-1')).toEqual(again);
  expect(count()).toBe(1);
});

test('an idempotency key for another request is refused, and per organisation', () => {
  const { create } = setup();
  const first = create({}, 'key-1').template;
  const error = errorOf(() => create({ name: 'Another name' }, 'key-1'));
  expect(error).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', data: { template_id: first.template_id } });
  expect(create({ org_id: 'other' }, 'key-1').replayed).toBe(false);
});

test('a create that failed stores no key', () => {
  const { create } = setup();
  create();
  expect(errorOf(() => create({ name: 'Same' }, 'key-1')).code).toBe('TEMPLATE_DUPLICATE');
  expect(create({ user_prompt_template: 'another' }, 'key-1').replayed).toBe(false);
});

test('a key is free again after a day, and then forgotten', () => {
  const { clock, store, create } = setup();
  create({}, 'key-1');
  clock.advance(23 * 3_600_000);
  expect(create({}, 'key-1').replayed).toBe(true);
  clock.advance(3_600_000);
  expect(create({ user_prompt_template: 'another' }, 'key-2').replayed).toBe(false);
  expect(store.read.prepare(`SELECT key FROM idempotency_keys`).all()).toEqual([{ key: 'key-2' }]);
  expect(errorOf(() => create({}, 'key-1')).code).toBe('TEMPLATE_DUPLICATE');
});

test.each<[string, Partial<NewTemplateInput>, string]>([
  ['Liquid that is wrong', { user_prompt_template: '{{ x | nosuchfilter }}' }, 'TEMPLATE_SYNTAX'],
  ['half a surrogate pair', { user_prompt_template: 'a\ud800' }, 'VALIDATION_FAILED'],
  ['a parent that does not exist', { parent_template_id: 'nobody' }, 'VALIDATION_FAILED'],
])('%s is refused and nothing is stored', (_, input, code) => {
  const { create, count } = setup();
  expect(errorOf(() => create(input)).code).toBe(code);
  expect(count()).toBe(0);
});

test('a parent of another organisation is none', () => {
  const { create } = setup();
  const { template } = create({ org_id: 'other' });
  expect(errorOf(() => create({ parent_template_id: template.template_id })).code).toBe('VALIDATION_FAILED');
});

test('lists with search, total and pages; lineage', () => {
  const { service, create } = setup();
  const first = create({ name: 'Refund one' }).template;
  const second = create({
    name: 'Refund two',
    user_prompt_template: 'x',
    parent_template_id: first.template_id,
  }).template;
  create({ name: 'Summary', user_prompt_template: 'y' });

  const page = service.list({ q: 'refu', include_archived: false, limit: 1 });
  expect(page).toMatchObject({ items: [{ name: 'Refund two' }], total: 2 });
  const rest = service.list({ q: 'refu', include_archived: false, limit: 1, cursor: page.next_cursor ?? '' });
  expect(rest).toMatchObject({ items: [{ name: 'Refund one' }], total: 2, next_cursor: null });

  expect(service.lineage({ template_id: second.template_id })).toMatchObject({
    ancestors: [{ name: 'Refund one' }],
    children: [],
  });
  expect(service.lineage({ template_id: first.template_id })).toMatchObject({
    ancestors: [],
    children: [{ name: 'Refund two' }],
  });
  expect(errorOf(() => service.lineage({ template_id: 'nobody' })).code).toBe('NOT_FOUND');
});

test('renders a stored template, a draft, or a stored one with a changed text', () => {
  const { service, create } = setup();
  const { template_id } = create({
    system_instructions: 'Be {{ tone }}.',
    user_prompt_template: '{{ text }}',
  }).template;
  const variables = { tone: 'brief', text: 'Grüße' };

  expect(service.render({ template_id, variables })).toEqual({
    system: 'Be brief.',
    user: 'Grüße',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Grüße' },
    ],
    variables: ['tone', 'text'],
    optional_variables: [],
    rendered_prompt_sha256: createHash('sha256').update('Be brief.\n\nGrüße').digest('hex'),
    token_estimate: Math.ceil(Buffer.byteLength('Be brief.\n\nGrüße') / 4),
  });
  expect(service.render({ template_id, user_prompt_template: '!', variables })).toMatchObject({
    system: 'Be brief.',
    user: '!',
    variables: ['tone'],
  });
  expect(service.render({ user_prompt_template: 'draft', variables: {} })).toMatchObject({
    system: '',
    user: 'draft',
  });
  expect(errorOf(() => service.render({ variables: {} })).code).toBe('VALIDATION_FAILED');
  expect(errorOf(() => service.render({ template_id, variables: {} }))).toMatchObject({
    code: 'MISSING_VARIABLE',
    data: { variables: ['tone', 'text'] },
  });
});

test.each([undefined, null, '', ' \n\t', '\u200b\u2060', '\ufeff', '\u2800\u00ad'])(
  'a template whose texts show nothing (%j) is refused with its field; one of them is enough',
  (blank) => {
    const { create, count } = setup();
    const refused = errorOf(() => create({ user_prompt_template: blank, system_instructions: blank }));
    expect(refused).toMatchObject({
      code: 'VALIDATION_FAILED',
      data: {
        fields: [{ path: 'user_prompt_template', message: expect.stringContaining('is empty') as unknown }],
      },
    });
    expect(count()).toBe(0);
    create({ user_prompt_template: blank, system_instructions: 'Be kind.' });
    expect(count()).toBe(1);
  },
);
