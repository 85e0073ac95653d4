import {
  notFound,
  type DecidedRequest,
  type LabelRule,
  type Prompt,
  type PromptChange,
  type Template,
} from '../../src-shared/domain';
import type { Service } from '../../src-main/ports';

/** Rules and requests without any effect on labels. */
function createFakeApprovals(
  now: string,
  find: (templateId: string) => Template,
): Pick<
  Service<'prompts'>,
  'labelRules' | 'setLabelRule' | 'requestLabel' | 'labelRequests' | 'decideLabel'
> {
  const rules = new Map<string, LabelRule>();
  const requests = new Map<string, DecidedRequest>();
  return {
    labelRules: () => ({ items: [...rules.values()] }),
    setLabelRule(rule) {
      rules.set(rule.workspace_id, { ...rule, rule_id: 'rule', changed_at: now });
      return { items: [...rules.values()] };
    },
    requestLabel({ template_id, label, remove, note, requested_by }) {
      const { org_id, workspace_id, prompt_id } = find(template_id);
      const request: DecidedRequest = {
        request_id: `request-${requests.size}`,
        org_id,
        workspace_id,
        prompt_id,
        label,
        template_id: remove ? null : template_id,
        version_number: 1,
        note,
        requested_at: now,
        requested_by,
        decision: null,
      };
      requests.set(request.request_id, request);
      return request;
    },
    labelRequests: ({ prompt_id }) => ({
      items: [...requests.values()].filter((request) => request.prompt_id === prompt_id),
      next_cursor: null,
    }),
    decideLabel({ request_id, ...decision }) {
      const request = requests.get(request_id);
      if (request === undefined) throw notFound('label request', request_id);
      const decided = { ...decision, request_id, decision_id: 'decision', move_id: null, decided_at: now };
      requests.set(request_id, { ...request, decision: decided });
      return { ...request, decision: decided };
    },
  };
}

const NO_RUNS = { runs: 0, simulated_runs: 0, unpriced_runs: 0, cost_usd: '0', last_run_at: null };

/** Prompts of one version each: enough to show how they travel. */
export function createFakePrompts(now: string, templates: ReadonlyMap<string, Template>): Service<'prompts'> {
  const changes = new Map<string, PromptChange[]>();
  const find = (promptId: string): Template => {
    const template = templates.get(promptId);
    if (template === undefined) throw notFound('prompt', promptId);
    return template;
  };
  const promptOf = (template: Template): Prompt => {
    const known = changes.get(template.prompt_id) ?? [];
    return {
      prompt_id: template.prompt_id,
      workspace_id: template.workspace_id,
      name: known[0]?.name ?? template.name,
      active: known[0]?.active ?? true,
      archived: template.deleted_at !== null,
      versions: 1,
      latest: template,
      labels: [],
      tags: template.tags,
      models: [template.model_id],
      ...NO_RUNS,
      trials: 0,
      forked_from: null,
      changes: known,
    };
  };
  return {
    list({ limit }) {
      const items = [...templates.values()].map(promptOf);
      return { items: items.slice(0, limit), next_cursor: null, total: items.length };
    },
    facets: () => ({ labels: [], tags: [], models: [] }),
    byName({ name, label }) {
      const template = [...templates.values()].find((each) => each.name === name);
      if (template === undefined) throw notFound('prompt', name);
      return { ...template, prompt_name: name, label: label ?? 'production' };
    },
    get: ({ prompt_id }) => promptOf(find(prompt_id)),
    history({ prompt_id }) {
      const template = find(prompt_id);
      const entry = {
        ...template,
        ...NO_RUNS,
        labels: [],
        pinned_version_key: null,
        pins: [],
        parent_version_number: null,
      };
      return { items: [entry], next_cursor: null, trials: 0 };
    },
    labels({ prompt_id }) {
      find(prompt_id);
      return { items: [], next_cursor: null };
    },
    ...createFakeApprovals(now, find),
    update({ prompt_id, name, active, changed_by }) {
      const { org_id, workspace_id } = find(prompt_id);
      const known = changes.get(prompt_id) ?? [];
      const change: PromptChange = {
        change_id: `change-${known.length}`,
        org_id,
        workspace_id,
        prompt_id,
        name: name === undefined ? (known[0]?.name ?? null) : name,
        active: active ?? known[0]?.active ?? true,
        changed_at: now,
        changed_by,
      };
      changes.set(prompt_id, [change, ...known]);
      return promptOf(find(prompt_id));
    },
  };
}
