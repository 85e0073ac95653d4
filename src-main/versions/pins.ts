import { notFound, type Template, type TemplatePin } from '../../src-shared/domain';
import type { Clock, Ids, VersionsService } from '../ports';
import { getTemplate, insertPin, latestPin, listPins, type ReadDb, type Store } from '../store';

/** The template as it runs now: its own constraint, unless a pin or an unpinning came after it. */
export function withPin(db: ReadDb, template: Template): Template {
  const pin = latestPin(db, template.template_id);
  return pin ? { ...template, model_version_constraint: pin.provider_version_key } : template;
}

export function createPins(deps: {
  store: Store;
  clock: Clock;
  ids: Ids;
}): Pick<VersionsService, 'pin' | 'unpin' | 'pins'> {
  const { store } = deps;
  const templateOf = (templateId: string): Template => {
    const template = getTemplate(store.read, templateId);
    if (!template) throw notFound('template', templateId);
    return template;
  };
  const record = (
    templateId: string,
    change: Pick<TemplatePin, 'provider_version_key' | 'note' | 'pinned_by'>,
  ): TemplatePin => {
    const { org_id, workspace_id, template_id } = templateOf(templateId);
    const pin: TemplatePin = {
      pin_id: deps.ids.uuid(),
      org_id,
      workspace_id,
      template_id,
      ...change,
      pinned_at: new Date(deps.clock.now()).toISOString(),
    };
    store.write((tx) => insertPin(tx, pin));
    return pin;
  };
  return {
    pin: ({ template_id, provider_version_key, note, pinned_by }) =>
      record(template_id, { provider_version_key, note, pinned_by }),
    unpin: ({ template_id, note, pinned_by }) =>
      record(template_id, { provider_version_key: null, note, pinned_by }),
    pins(templateId) {
      const template = templateOf(templateId);
      return {
        effective: withPin(store.read, template).model_version_constraint,
        of_template: template.model_version_constraint,
        items: listPins(store.read, templateId),
      };
    },
  };
}
