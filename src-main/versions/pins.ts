import {
  AppError,
  isFrozenFor,
  pinFor,
  type PinnedModel,
  pinsInForce,
  type Template,
  type TemplatePin,
  timestampOf,
  validationError,
} from '../../src-shared/domain';
import type { Clock, Ids, Service } from '../ports';
import {
  requireTemplate,
  findVersion,
  insertPin,
  listPins,
  pinChanges,
  titleOf,
  type ReadDb,
  type Store,
} from '../store';
import { assertNoTrial } from '../templates';

/**
 * The template as it runs on this model now. Its own constraint holds its own model and outranks any pin; other models
 * are held by their pins alone.
 */
export function withPin(db: ReadDb, template: Template, model: PinnedModel): Template {
  return { ...template, model_version_constraint: pinFor(template, changesOf(db, template), model) };
}

function changesOf(db: ReadDb, { template_id }: Pick<Template, 'template_id'>) {
  return pinChanges(db, [template_id]).get(template_id) ?? [];
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
    const model = modelOf(store.read, template, change.provider_version_key, asked);
    assertNotFrozen(store.read, template, change.provider_version_key, model);
    if (change.provider_version_key === null && asked.model_id === undefined) {
      assertNoneElsewhere(store.read, template);
    }
    const { org_id, workspace_id, template_id } = template;
    const pin: TemplatePin = {
      pin_id: deps.ids.uuid(),
      org_id,
      workspace_id,
      template_id,
      ...change,
      pinned_at: timestampOf(deps.clock.now()),
      ...model,
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
        effective: withPin(store.read, template, template).model_version_constraint,
        of_template: template.model_version_constraint,
        in_force: pinsInForce(template, changesOf(store.read, template)),
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
): PinnedModel {
  if (asked.model_id !== undefined) return { provider: asked.provider ?? null, model_id: asked.model_id };
  const seen = key === null ? undefined : findVersion(db, { ...template, provider_version_key: key });
  const { provider, model_id } = seen ?? template;
  return { provider: asked.provider ?? provider, model_id };
}

/** @throws CONSTRAINT_FROZEN if the template has its own constraint for the model and this is another version, or an unpin */
function assertNotFrozen(db: ReadDb, template: Template, key: string | null, model: PinnedModel): void {
  const own = template.model_version_constraint;
  if (key === own || !isFrozenFor(template, model)) return;
  throw new AppError(
    'CONSTRAINT_FROZEN',
    `"${titleOf(db, template)}" was frozen with the version ${own}, which is part of the template and cannot be ` +
      `${key === null ? 'removed' : 'replaced'}. Freeze a child template without model_version_constraint, and pin that.`,
    { data: { template_id: template.template_id, model_version_constraint: own } },
  );
}

/**
 * An unpin that names no model is about the template's own. Where only others are pinned, it would change nothing.
 * @throws VALIDATION_FAILED naming the pinned models
 */
function assertNoneElsewhere(db: ReadDb, template: Template): void {
  const pinned = pinsInForce(template, changesOf(db, template)).filter(
    (pin) => pin.provider_version_key !== null,
  );
  if (pinned.length === 0 || pinned.some(({ model_id }) => model_id === template.model_id)) return;
  const models = pinned.map(({ model_id }) => model_id).join(', ');
  throw validationError([
    {
      path: 'model_id',
      message: `${template.model_id} is not pinned; say which of the pinned models: ${models}`,
    },
  ]);
}
