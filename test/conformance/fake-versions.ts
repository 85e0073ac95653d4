import { notFound, type Template, type TemplatePin } from '../../src-shared/domain';
import type { Service } from '../../src-main/ports';

const NOW = '2026-11-20T08:00:00.000Z';

/** Versions of a core that asks no model: one fingerprint for everything, and pins in memory. */
export function createFakeVersions(
  templateOf: (templateId: string) => Template,
  id: (kind: string) => string,
): Service<'versions'> {
  const pins: TemplatePin[] = [];
  const pinned = (
    change: Pick<TemplatePin, 'template_id' | 'provider_version_key' | 'note' | 'pinned_by'>,
  ) => {
    const { org_id, workspace_id, provider, model_id } = templateOf(change.template_id);
    const pin = { provider, model_id, ...change, pin_id: id('pin'), org_id, workspace_id, pinned_at: NOW };
    pins.push(pin);
    return pin;
  };
  return {
    async ensure(input) {
      const template = templateOf(input.template_id);
      return {
        version_id: 'version-1',
        provider: 'practice-openai',
        model_id: input.model_id ?? template.model_id,
        provider_version_key: 'fp_1',
        evidence_grade: 'fingerprint',
        evidence: {
          requested_model: template.model_id,
          echoed_model: null,
          system_fingerprint: 'fp_1',
          extra: {},
        },
        created: true,
        source: 'live',
        verified: true,
        unverified_reason: null,
      };
    },
    list({ template_id }) {
      templateOf(template_id);
      return { items: [] };
    },
    ofProvider: async ({ provider_id }) => ({
      provider: provider_id,
      source: 'cache',
      etag: 'a'.repeat(64),
      expires_at_utc: null,
      items: [],
    }),
    drift: () => ({ items: [], next_cursor: null }),
    driftAnswers({ drift_id }) {
      throw notFound('drift', drift_id);
    },
    pin: pinned,
    unpin: (input) => pinned({ ...input, provider_version_key: null }),
    pins({ template_id }) {
      const of_template = templateOf(template_id).model_version_constraint;
      const items = pins.filter((pin) => pin.template_id === template_id).toReversed();
      return {
        effective: items[0] ? items[0].provider_version_key : of_template,
        of_template,
        in_force: [],
        items,
      };
    },
  };
}
