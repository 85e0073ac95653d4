import { messagesOfTexts, type NamedTemplate } from '../../src-shared/domain';
import type { UnplacedTemplate } from '../../src-main/store';

/** A template as the core tells it, for tests. */
export function storedTemplate(changes: Partial<NamedTemplate> = {}): NamedTemplate {
  const { system_instructions = '', user_prompt_template = '{{ name }}' } = changes;
  return {
    template_id: 't',
    prompt_id: changes.template_id ?? 't',
    version_number: 1,
    trial: false,
    messages: messagesOfTexts({ system_instructions, user_prompt_template }),
    tools: [],
    tool_choice: null,
    includes: [],
    tags: [],
    org_id: 'default',
    workspace_id: 'default',
    name: 'T',
    prompt_name: changes.name ?? 'T',
    description: null,
    system_instructions: '',
    user_prompt_template: '{{ name }}',
    country_set: [],
    provider: null,
    model_id: 'm',
    inference_params: {},
    response_schema: null,
    grounding_mode: 'none',
    als: false,
    model_version_constraint: null,
    fingerprint_allowlist: [],
    variables: ['name'],
    version_label: null,
    parent_template_id: null,
    message: null,
    config_sha256: 'c'.repeat(64),
    record_hmac: null,
    hmac_key_id: null,
    created_at: '2026-11-20T08:00:00.000Z',
    created_by: null,
    deleted_at: null,
    ...changes,
  };
}

/** The same before it has its place in a prompt, for writing it to a store. */
export function unplacedTemplate(changes: Partial<UnplacedTemplate> = {}): UnplacedTemplate {
  const { prompt_id: _, version_number: __, prompt_name: ___, ...template } = storedTemplate(changes);
  return { ...template, fork: changes.fork ?? false };
}
