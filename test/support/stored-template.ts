import type { Template } from '../../src-shared/domain';

/** A template as the core tells it, for tests. */
export function storedTemplate(changes: Partial<Template> = {}): Template {
  return {
    template_id: 't',
    org_id: 'default',
    workspace_id: 'default',
    name: 'T',
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
