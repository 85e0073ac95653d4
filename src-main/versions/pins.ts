import { AppError, type Template, type TemplatePin, timestampOf } from '../../src-shared/domain';
import type { Clock, Ids, Service } from '../ports';
import {
  requireTemplate,
  findVersion,
  insertPin,
  latestPin,
  listPins,
  type ReadDb,
  type Store,
} from '../store';
import { assertNoTrial } from '../templates';

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
    asked: { readonly provider?: string | undefined; readonly model_id?: string | undefined },
  ): TemplatePin => {
    const template = requireTemplate(store.read, templateId);
    assertNoTrial(template, 'A pin');
    assertNotFrozen(template, change.provider_version_key);
    const { org_id, workspace_id, template_id } = template;
    const pin: TemplatePin = {
      pin_id: deps.ids.uuid(),
      org_id,
      workspace_id,
      template_id,
      ...change,
      pinned_at: timestampOf(deps.clock.now()),
      ...modelOf(store.read, template, change.provider_version_key, asked),
    };
    store.write((tx) => insertPin(tx, pin));
    return pin;
  };
  return {
    pin: ({ template_id, provider_version_key, note, pinned_by, ...asked }) =>
      record(template_id, { provider_version_key, note, pinned_by }, asked),
    unpin: ({ template_id, note, pinned_by, ...asked }) =>
      record(template_id, { provider_version_key: null, note, pinned_by }, asked),
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

/** The model that a pin is about: the one asked for, else the one whose version it is, else the template's own. */
function modelOf(
  db: ReadDb,
  template: Template,
  key: string | null,
  asked: { readonly provider?: string | undefined; readonly model_id?: string | undefined },
): Pick<TemplatePin, 'provider' | 'model_id'> {
  if (asked.model_id !== undefined) return { provider: asked.provider ?? null, model_id: asked.model_id };
  const seen = key === null ? undefined : findVersion(db, { ...template, provider_version_key: key });
  const { provider, model_id } = seen ?? template;
  return { provider: asked.provider ?? provider, model_id };
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
