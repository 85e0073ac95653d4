import { AppError, type Template, type TemplatePin, timestampOf } from '../../src-shared/domain';
import type { Clock, Ids, Service } from '../ports';
import { requireTemplate, insertPin, latestPin, listPins, type ReadDb, type Store } from '../store';

/**
 * The template as it runs now. Its own constraint is frozen with it and outranks any pin; without one, the latest pin
 * applies.
 */
export function withPin(db: ReadDb, template: Template): Template {
  if (template.model_version_constraint !== null) return template;
  const pin = latestPin(db, template.template_id);
  return pin ? { ...template, model_version_constraint: pin.provider_version_key } : template;
}

export function createPins(deps: {
  store: Store;
  clock: Clock;
  ids: Ids;
}): Pick<Service<'versions'>, 'pin' | 'unpin' | 'pins'> {
  const { store } = deps;
  const record = (
    templateId: string,
    change: Pick<TemplatePin, 'provider_version_key' | 'note' | 'pinned_by'>,
  ): TemplatePin => {
    const template = requireTemplate(store.read, templateId);
    assertNotFrozen(template, change.provider_version_key);
    const { org_id, workspace_id, template_id } = template;
    const pin: TemplatePin = {
      pin_id: deps.ids.uuid(),
      org_id,
      workspace_id,
      template_id,
      ...change,
      pinned_at: timestampOf(deps.clock.now()),
    };
    store.write((tx) => insertPin(tx, pin));
    return pin;
  };
  return {
    pin: ({ template_id, provider_version_key, note, pinned_by }) =>
      record(template_id, { provider_version_key, note, pinned_by }),
    unpin: ({ template_id, note, pinned_by }) =>
      record(template_id, { provider_version_key: null, note, pinned_by }),
    pins({ template_id }) {
      const template = requireTemplate(store.read, template_id);
      return {
        effective: withPin(store.read, template).model_version_constraint,
        of_template: template.model_version_constraint,
        items: listPins(store.read, template_id),
      };
    },
  };
}

/** @throws CONSTRAINT_FROZEN if the template has its own constraint and this is another version, or an unpin */
function assertNotFrozen(template: Template, key: string | null): void {
  const own = template.model_version_constraint;
  if (own === null || key === own) return;
  throw new AppError(
    'CONSTRAINT_FROZEN',
    `"${template.name}" was frozen with the version ${own}, which is part of the template and cannot be ` +
      `${key === null ? 'removed' : 'replaced'}. Freeze a child template without model_version_constraint, and pin that.`,
    { data: { template_id: template.template_id, model_version_constraint: own } },
  );
}
