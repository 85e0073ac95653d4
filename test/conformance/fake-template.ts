import { namedTemplateSchema, type NamedTemplate, type NewTemplate } from '../../src-shared/domain';

/** What a core would store, as the first version of its prompt. */
export function fakeTemplate(given: NewTemplate, template_id: string): NamedTemplate {
  return namedTemplateSchema.parse({
    description: null,
    provider: null,
    response_schema: null,
    model_version_constraint: null,
    version_label: null,
    parent_template_id: null,
    message: null,
    created_by: null,
    ...given,
    prompt_name: given.name,
    template_id,
    prompt_id: template_id,
    version_number: 1,
    trial: given.trial ?? false,
    messages: given.messages ?? [{ role: 'user', content: given.user_prompt_template ?? '' }],
    tools: given.tools ?? [],
    tool_choice: given.tool_choice ?? null,
    includes: given.includes ?? [],
    tags: given.tags ?? [],
    system_instructions: given.system_instructions ?? '',
    user_prompt_template: given.user_prompt_template ?? '',
    country_set: given.country_set ?? [],
    inference_params: given.inference_params ?? {},
    grounding_mode: given.grounding_mode ?? 'none',
    als: given.als ?? false,
    fingerprint_allowlist: given.fingerprint_allowlist ?? [],
    variables: [],
    config_sha256: 'a'.repeat(64),
    record_hmac: null,
    hmac_key_id: null,
    created_at: '2026-11-20T08:00:00.000Z',
    deleted_at: null,
  });
}
