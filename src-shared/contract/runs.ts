import * as z from 'zod';
import { eventIterator } from '@orpc/contract';
import {
  amountUsdSchema,
  failureCodeSchema,
  idSchema,
  listedRunSchema,
  newTemplateSchema,
  rebuildPageSchema,
  rebuildRequestSchema,
  retryWaitSchema,
  runKindSchema,
  runRequestSchema,
  runSchema,
  runStatusSchema,
  timeSchema,
  strictObject,
} from '../domain';
import { binaryBodySchema, pageInput, pageOf, route } from './base';
import { renderInput } from './templates';

const tag = 'runs';

/** What a list of runs can be narrowed by: all that is given has to hold. */
export const runFilterSchema = strictObject({
  /** How the run's id begins: 8 of its characters or more, as all ids of one time begin alike. */
  run_id_prefix: z.string().trim().toLowerCase().min(8).max(36).optional(),
  template_id: idSchema.optional(),
  batch_id: idSchema.optional(),
  workspace_id: idSchema.optional(),
  connection_id: idSchema.optional(),
  /** Exactly this id. */
  model_id: z.string().max(300).optional(),
  /** How a model's id begins, in any case: `gpt-4o` finds `gpt-4o-mini` too. */
  model: z.string().trim().min(1).max(300).optional(),
  status: runStatusSchema.optional(),
  failure_code: failureCodeSchema.optional(),
  /** When they were started: `from` included, `to` not. */
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  /** What they cost, both included. A run whose cost is not known is in no such range. */
  min_cost_usd: amountUsdSchema.optional(),
  max_cost_usd: amountUsdSchema.optional(),
  simulated: z.boolean().optional(),
  /** Only what costs and charts count: runs that have ended, or those of them whose cost is not known. */
  counted: z.enum(['ended', 'unpriced']).optional(),
  /** Runs of templates unless another kind is asked for: probes are listed only by this. */
  kind: runKindSchema.optional(),
  /** Words that all occur in names, prompts or outputs; the last may be unfinished. */
  q: z.string().max(500).optional(),
});

/** A request as it would be sent. No key is in it. */
const composedRequestSchema = z.object({
  connection_id: idSchema,
  provider: z.string(),
  model_id: z.string(),
  method: z.string(),
  url: z.string(),
  /** Those that say what the body is. */
  headers: z.record(z.string(), z.string()),
  /** The exact text that is sent; with `files: shortened`, as JSON with cut Base64. */
  request_body: z.string(),
  /** Of the body as it is sent, in bytes. */
  request_size: z.number().int(),
});

export const runsContract = {
  start: route('POST', '/templates/{template_id}/run', {
    summary: 'Run a template once; returns when the run is finished',
    tag,
    successStatus: 201,
  })
    .input(runRequestSchema.extend({ template_id: idSchema }))
    .output(runSchema),
  /**
   * @throws MISSING_VARIABLE, TEMPLATE_SYNTAX, RENDER_LIMIT, NO_CONNECTION, GROUNDING_UNSUPPORTED, VALIDATION_FAILED naming
   * also what the protocol or the model does not take
   */
  compose: route('POST', '/runs/compose', {
    summary: 'The request that a run of a template or a draft would send; sends nothing and reads no key',
    tag,
  })
    .input(
      renderInput.extend({
        connection_id: idSchema.optional(),
        provider: newTemplateSchema.shape.provider,
        model_id: newTemplateSchema.shape.model_id.optional(),
        /** Replace the template's one by one; null removes one. */
        inference_params: newTemplateSchema.shape.inference_params,
        response_schema: newTemplateSchema.shape.response_schema,
        grounding_mode: newTemplateSchema.shape.grounding_mode,
        als: newTemplateSchema.shape.als,
        stream: z.boolean().default(false),
        /** `shortened` cuts the Base64 of files, for showing. */
        files: z.enum(['whole', 'shortened']).default('whole'),
      }),
    )
    .output(composedRequestSchema),
  list: route('GET', '/runs', { summary: 'List and filter runs, newest first', tag })
    .input(runFilterSchema.extend(pageInput))
    .output(
      pageOf(listedRunSchema).extend({
        /** Runs that `q` has not been looked for in yet: ask again until it is 0. 0 without `q`. */
        unsearched: z.number().int(),
      }),
    ),
  listOfTemplate: route('GET', '/templates/{template_id}/runs', {
    summary:
      "A template's runs, newest first; with `scope`, those of its configuration or of its prompt's trials",
    tag,
  })
    .input(
      strictObject({
        template_id: idSchema,
        /**
         * `template`: its own runs. `configuration`: also those of the trial with its configuration, or of the version
         * that a trial has become. `trials`: those of all trials of its prompt.
         */
        scope: z.enum(['template', 'configuration', 'trials']).default('template'),
        ...pageInput,
      }),
    )
    .output(pageOf(listedRunSchema)),
  get: route('GET', '/runs/{run_id}', { summary: 'One run in full', tag })
    .input(strictObject({ run_id: idSchema }))
    .output(runSchema),
  /** @throws NOT_FOUND where no answer is stored */
  raw: route('GET', '/runs/{run_id}/raw', { summary: "The provider's answer, byte for byte", tag })
    .input(strictObject({ run_id: idSchema }))
    .output(binaryBodySchema),
  /** @throws NOT_FOUND where no answer is stored, REVIEW_STATE where the run has not ended */
  reparse: route('POST', '/runs/{run_id}/reparse', {
    summary: 'Parse the stored bytes again and update everything derived from them; nothing is sent',
    tag,
  })
    .input(strictObject({ run_id: idSchema }))
    .output(runSchema),
  /** A page of `reparse` over stored answers that writes only what changes. @throws VALIDATION_FAILED */
  rebuild: route('POST', '/runs/rebuild', {
    summary: 'Parse a page of stored answers again and update the runs that come out differently',
    tag,
  })
    .input(rebuildRequestSchema)
    .output(rebuildPageSchema),
  /** Ends a single run that is under way in this process; false where it was over. @throws NOT_FOUND */
  stop: route('POST', '/runs/{run_id}/stop', {
    summary: 'Stop a run that is under way: what had arrived is stored, and the provider may bill it',
    tag,
  })
    .input(strictObject({ run_id: idSchema }))
    .output(z.object({ stopped: z.boolean() })),
  /**
   * That the run is stored and being sent, its text as it streams, each wait before the call is sent again, then the
   * finished run. The run goes on without a listener.
   */
  stream: route('POST', '/templates/{template_id}/run-stream', {
    summary: 'Run a template once and stream its text, and its retries; ends with the stored run',
    tag,
  })
    .input(runRequestSchema.extend({ template_id: idSchema }))
    .output(
      eventIterator(
        z.discriminatedUnion('type', [
          z.object({ type: z.literal('started'), run_id: idSchema }),
          z.object({ type: z.literal('delta'), text: z.string() }),
          retryWaitSchema.extend({ type: z.literal('retry') }),
          z.object({ type: z.literal('run'), run: runSchema }),
        ]),
      ),
    ),
};
