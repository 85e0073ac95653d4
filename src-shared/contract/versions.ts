import * as z from 'zod';
import { gradedVersionSchema, idSchema, jsonObjectSchema, promptVersionSchema } from '../domain';
import { route, templateIdInput } from './base';

const tag = 'versions';

export const ensureVersionOutput = gradedVersionSchema.extend({
  version_id: idSchema,
  provider: z.string(),
  model_id: z.string(),
  /** Whether this key is new for the template. */
  created: z.boolean(),
  /** `live`: a probe was sent now; `cache`: last known evidence that is still fresh. */
  source: z.enum(['cache', 'live']),
  /** False where probes are off and the evidence is only the last known. */
  verified: z.boolean(),
});

export const versionsContract = {
  ensure: route('POST', '/templates/{template_id}/ensure-version', {
    summary: 'Probe the model once and record which version answers',
    tag,
  })
    .input(
      z.object({
        template_id: idSchema,
        org_id: idSchema.optional(),
        workspace_id: idSchema.optional(),
        provider: idSchema.optional(),
        model_id: z.string().trim().min(1).max(300).optional(),
        connection_id: idSchema.optional(),
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
};
