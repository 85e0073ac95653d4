import * as z from 'zod';
import {
  driftEventSchema,
  gradedVersionSchema,
  idSchema,
  jsonObjectSchema,
  modelPinSchema,
  promptVersionSchema,
  providerVersionSchema,
  runSummarySchema,
  sha256Schema,
  templatePinSchema,
  strictObject,
  shownText,
} from '../domain';
import { pageInput, pageOf, route, templateIdInput } from './base';

const tag = 'versions';

const ensureVersionOutput = gradedVersionSchema.extend({
  version_id: idSchema,
  provider: z.string(),
  model_id: z.string(),
  /** Whether this key is new for the template. */
  created: z.boolean(),
  /** `live`: a probe was sent now; `cache`: last known evidence that is still fresh. */
  source: z.enum(['cache', 'live']),
  /** False where nobody could be asked and the evidence is only the last known, or there is none. */
  verified: z.boolean(),
  /** Why nobody was asked: probes are switched off, or the model's server cannot be reached. */
  unverified_reason: z.enum(['probes_off', 'offline']).nullable(),
});

const pinInput = strictObject({
  template_id: idSchema,
  /** Which model is held. Default: the one whose version this is, else the template's own. */
  provider: idSchema.optional(),
  model_id: shownText(300).optional(),
  note: z.string().trim().max(2000).nullable().default(null),
  pinned_by: shownText(200).nullable().default(null),
});

export const versionsContract = {
  /** @throws NOT_FOUND, NO_CONNECTION, PROVIDER_FAILURE where the probe fails */
  ensure: route('POST', '/templates/{template_id}/ensure-version', {
    summary: 'Probe the model once and record which version answers',
    tag,
  })
    .input(
      strictObject({
        template_id: idSchema,
        /** Where given, the template must be theirs. */
        org_id: idSchema.optional(),
        workspace_id: idSchema.optional(),
        provider: idSchema.optional(),
        model_id: shownText(300).optional(),
        connection_id: idSchema.optional(),
        /** Taken and not sent: a probe asks in the way that its model accepts, and no parameter changes the version. */
        inference_params: jsonObjectSchema.optional(),
        force: z.boolean().default(false),
      }),
    )
    .output(ensureVersionOutput),
  list: route('GET', '/templates/{template_id}/versions', {
    summary: 'Model versions seen with this template, latest first',
    tag,
  })
    .input(templateIdInput)
    .output(z.object({ items: z.array(promptVersionSchema) })),
  /** @throws NOT_FOUND */
  ofProvider: route('GET', '/providers/{provider_id}/versions', {
    summary: "Known versions of a provider's models; probed again where they have expired",
    tag,
  })
    .input(strictObject({ provider_id: idSchema, force_refresh: z.boolean().default(false) }))
    .output(
      z.object({
        provider: z.string(),
        /** `live` where any model was asked now. */
        source: z.enum(['cache', 'live']),
        /** Changes exactly when the version of any of the models does. */
        etag: z.string(),
        /** When the first of the items expires; null where nothing is known. */
        expires_at_utc: z.string().nullable(),
        items: z.array(providerVersionSchema),
      }),
    ),
  drift: route('GET', '/drift', { summary: 'Model version changes under a template, newest first', tag })
    .input(strictObject({ template_id: idSchema.optional(), ...pageInput }))
    .output(pageOf(driftEventSchema)),
  /** @throws NOT_FOUND */
  driftAnswers: route('GET', '/drift/{drift_id}/answers', {
    summary: 'What a model answered to the same input before and after it changed',
    tag,
  })
    .input(strictObject({ drift_id: idSchema, limit: z.number().int().min(1).max(20).default(3) }))
    .output(
      z.object({
        /** One for each input, the answers nearest to the change. Of probes (`kind`) where no two runs have the same input. */
        items: z.array(
          z.object({
            rendered_prompt: z.string(),
            rendered_prompt_sha256: sha256Schema,
            /** Whether all that was sent is the same, parameters too; streaming aside. */
            same_request: z.boolean(),
            before: runSummarySchema,
            after: runSummarySchema,
          }),
        ),
        /** How many inputs there are. */
        total: z.number().int(),
      }),
    ),
  pin: route('POST', '/templates/{template_id}/pin', {
    summary: 'Pin a model of the template to this version',
    tag,
  })
    .input(pinInput.extend({ provider_version_key: shownText(500) }))
    .output(templatePinSchema),
  unpin: route('POST', '/templates/{template_id}/unpin', {
    summary: 'Unpin a model of the template, so that any version of it may answer',
    tag,
  })
    .input(pinInput)
    .output(templatePinSchema),
  pins: route('GET', '/templates/{template_id}/pins', {
    summary: 'The pins in force, by model, and the history of pins, latest first',
    tag,
  })
    .input(templateIdInput)
    .output(
      z.object({
        /** What runs on the template's own model are held to now; null where any version will do. */
        effective: z.string().nullable(),
        /** The template's own constraint: frozen with it for its own model, so no pin replaces it and nothing lifts it. */
        of_template: z.string().nullable(),
        /** The pins of every model. */
        in_force: z.array(modelPinSchema),
        items: z.array(templatePinSchema),
      }),
    ),
};
