import { expect, test } from 'vitest';
import { newTemplate, practiceCore } from '../../../test/support/practice-core';
import { isAppError, type Template } from '../../../src-shared/domain';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  throw new Error('nothing was thrown');
}

async function protectedProduction() {
  const { core } = await practiceCore();
  const first = newTemplate(core, { name: 'triage' });
  const second = newTemplate(core, { name: 'triage', parent_template_id: first.template_id });
  core.templates.setLabel({ template_id: first.template_id, label: 'production', moved_by: 'Ada' });
  const place = { org_id: 'default', workspace_id: 'default', changed_by: 'Ada' };
  core.prompts.setLabelRule({ ...place, labels: ['production', 'production'] });
  const request = ({ template_id }: Template, remove = false) =>
    core.prompts.requestLabel({
      template_id,
      label: 'production',
      remove,
      note: 'reads better',
      requested_by: 'Ada',
    });
  const decide = (
    request_id: string,
    decided_by: string,
    decision: 'approved' | 'refused' | 'withdrawn' = 'approved',
    reason: string | null = null,
  ) => core.prompts.decideLabel({ request_id, decided_by, decision, reason });
  const production = () => core.prompts.byName({ name: 'triage', workspace_id: 'default' }).template_id;
  return { core, first, second, place, request, decide, production };
}

test('no label of a name that means a version is requested', async () => {
  const { core, first } = await protectedProduction();
  const input = { template_id: first.template_id, note: null, requested_by: 'Ada', remove: false };
  for (const label of ['latest', 'v2'])
    expect(codeOf(() => core.prompts.requestLabel({ ...input, label }))).toBe('VALIDATION_FAILED');
});

test('a move of a protected label waits until somebody else approves it, and its history says who did', async () => {
  const { core, first, second, request, decide, production } = await protectedProduction();
  const move = () =>
    core.templates.setLabel({ template_id: second.template_id, label: 'production', moved_by: 'Ada' });
  expect(codeOf(move)).toBe('APPROVAL_REQUIRED');
  const take = { template_id: first.template_id, label: 'production', moved_by: 'Ada' };
  expect(codeOf(() => core.templates.removeLabel(take))).toBe('APPROVAL_REQUIRED');
  // Other labels move as before.
  core.templates.setLabel({ template_id: second.template_id, label: 'draft', moved_by: null });

  const { request_id } = request(second);
  expect(production()).toBe(first.template_id);
  for (const same of ['Ada', ' ada ', 'ADA'])
    expect(codeOf(() => decide(request_id, same))).toBe('APPROVAL_STATE');
  expect(decide(request_id, 'Eve').decision).toMatchObject({ decision: 'approved', decided_by: 'Eve' });
  expect(production()).toBe(second.template_id);
  expect(codeOf(() => decide(request_id, 'Bob'))).toBe('APPROVAL_STATE');

  const { items } = core.prompts.labels({ prompt_id: first.prompt_id, limit: 10 });
  expect(
    items.map(({ label, version_number, moved_by, approved_by }) => [
      label,
      version_number,
      moved_by,
      approved_by,
    ]),
  ).toEqual([
    ['production', 2, 'Ada', 'Eve'],
    ['draft', 2, null, null],
    ['production', 1, 'Ada', null],
  ]);
  expect(await core.audit.verify()).toMatchObject({ ok: true, problem_count: 0 });
});

test('a refusal needs a reason and keeps it; what was refused or taken back moves nothing', async () => {
  const { core, first, second, request, decide, production } = await protectedProduction();
  const { request_id } = request(second);
  expect(codeOf(() => decide(request_id, 'Eve', 'refused'))).toBe('VALIDATION_FAILED');
  decide(request_id, 'Eve', 'refused', 'It forgets the greeting');
  const again = request(second);
  decide(again.request_id, 'Ada', 'withdrawn', 'Eve is right');
  expect(production()).toBe(first.template_id);
  expect(core.prompts.labelRequests({ prompt_id: first.prompt_id, limit: 10 }).items).toMatchObject([
    { decision: { decision: 'withdrawn', reason: 'Eve is right' } },
    {
      version_number: 2,
      note: 'reads better',
      decision: { decision: 'refused', reason: 'It forgets the greeting', move_id: null },
    },
  ]);
});

test('what is approved is done as things stand then, or not at all', async () => {
  const { core, first, second, request, decide, production } = await protectedProduction();
  const [one, two] = [request(second), request(second)];
  decide(one.request_id, 'Eve');
  expect(codeOf(() => decide(two.request_id, 'Eve'))).toBe('APPROVAL_STATE');
  const back = request(first);
  core.templates.archive({ template_id: first.template_id });
  expect(codeOf(() => decide(back.request_id, 'Eve'))).toBe('VALIDATION_FAILED');
  expect(codeOf(() => request(second))).toBe('VALIDATION_FAILED');
  expect(production()).toBe(second.template_id);
  decide(request(second, true).request_id, 'Eve');
  expect(codeOf(production)).toBe('NOT_FOUND');
});

test('a rule counts in its workspace until it is taken back; each change of it is a record', async () => {
  const { core, second, place } = await protectedProduction();
  const other = newTemplate(core, { name: 'elsewhere', workspace_id: 'team' });
  core.templates.setLabel({ template_id: other.template_id, label: 'production', moved_by: null });
  expect(core.prompts.labelRules().items).toMatchObject([
    { workspace_id: 'default', labels: ['production'] },
  ]);
  core.prompts.setLabelRule({ ...place, labels: [] });
  core.prompts.setLabelRule({ ...place, labels: [] });
  core.templates.setLabel({ template_id: second.template_id, label: 'production', moved_by: null });
  const kinds = core.audit.list({ record_type: 'label_rule', limit: 10 });
  expect((await kinds).items).toHaveLength(2);
});
