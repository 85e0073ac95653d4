import * as z from 'zod';
import { idSchema } from './ids';

/** The version that runs of a template on one model are held to. */
export const modelPinSchema = z.object({
  /** Null: at every provider that has no entry of its own. */
  provider: idSchema.nullable(),
  model_id: z.string(),
  /** Null: any version will do at this provider, although the model is pinned at the others. */
  provider_version_key: z.string().nullable(),
  /** It is the template's own constraint, which no pin replaces and nothing lifts. */
  frozen: z.boolean(),
});
export type ModelPin = z.infer<typeof modelPinSchema>;

/** A pin or its end, with the model that it is about. */
export interface PinChange {
  readonly provider: string | null;
  readonly model_id: string;
  readonly provider_version_key: string | null;
  /**
   * From the time when a template had one pin, which held every model: only the newest of these counts, for the model
   * whose version it names, and until that model has a pin of its own.
   */
  readonly isFromBefore: boolean;
}

/** A model at a provider; null where the provider is not known yet. */
export interface PinnedModel {
  readonly provider: string | null;
  readonly model_id: string;
}

/** A template, as far as its own constraint goes. */
interface Frozen {
  readonly provider: string | null;
  readonly model_id: string;
  readonly model_version_constraint: string | null;
}

/** Whether the template's own constraint is about this model: it was frozen for the template's own. */
export function isFrozenFor(template: Frozen, { provider, model_id }: PinnedModel): boolean {
  return (
    template.model_version_constraint !== null &&
    template.model_id === model_id &&
    (template.provider === null || provider === null || template.provider === provider)
  );
}

/** The version that a run on this model is held to; null where any will do. `changes`: newest first. */
export function pinFor(template: Frozen, changes: readonly PinChange[], model: PinnedModel): string | null {
  if (isFrozenFor(template, model)) return template.model_version_constraint;
  const newest = counting(changes, model.model_id).find(
    ({ provider }) => provider === null || model.provider === null || provider === model.provider,
  );
  return newest?.provider_version_key ?? null;
}

/** Every pin in force, the template's own model first. `changes`: newest first. */
export function pinsInForce(template: Frozen, changes: readonly PinChange[]): ModelPin[] {
  const models = new Set([template.model_id, ...changes.map(({ model_id }) => model_id)]);
  return [...models].flatMap((model_id) => {
    const pins: ModelPin[] = [];
    const add = (provider: string | null, provider_version_key: string | null, frozen: boolean): void => {
      if (pins.some((pin) => pin.provider === null || pin.provider === provider)) return;
      pins.push({ provider, model_id, provider_version_key, frozen });
    };
    if (isFrozenFor(template, { provider: template.provider, model_id })) {
      add(template.provider, template.model_version_constraint, true);
    }
    for (const change of counting(changes, model_id)) {
      add(change.provider, change.provider_version_key, false);
    }
    const isHeldElsewhere = pins.some((pin) => pin.provider === null && pin.provider_version_key !== null);
    return pins.filter(
      (pin) => pin.provider_version_key !== null || (isHeldElsewhere && pin.provider !== null),
    );
  });
}

/** The changes that count for a model, newest first. */
function counting(changes: readonly PinChange[], modelId: string): PinChange[] {
  const newestFromBefore = changes.find(({ isFromBefore }) => isFromBefore);
  return changes.filter(
    (change) => change.model_id === modelId && (!change.isFromBefore || change === newestFromBefore),
  );
}
