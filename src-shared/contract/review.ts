import * as z from 'zod';
import {
  correctedTextSchema,
  MAX_GROUPED,
  idSchema,
  reviewCaseSchema,
  reviewGroupSchema,
  reviewItemSchema,
  reviewManyRequestSchema,
  reviewManyResultSchema,
  reviewRequestSchema,
  reviewSchema,
  reviewTotalsSchema,
  textProblemSchema,
  strictObject,
} from '../domain';
import { pageInput, pageOf, route } from './base';

const tag = 'review';
const runIdInput = strictObject({ run_id: idSchema });

export const reviewContract = {
  list: route('GET', '/review', { summary: 'Runs that need review, oldest first', tag })
    .input(
      strictObject({
        template_id: idSchema.optional(),
        group_id: z.string().max(64).optional(),
        ...pageInput,
      }),
    )
    .output(pageOf(reviewItemSchema).extend({ totals: reviewTotalsSchema })),
  groups: route('GET', '/review-groups', {
    summary: `The ${MAX_GROUPED} answers that wait longest, by template and by what is wrong with them`,
    tag,
  }).output(
    z.object({ items: z.array(reviewGroupSchema), grouped: z.number().int(), totals: reviewTotalsSchema }),
  ),
  /** @throws NOT_FOUND where there is no such run, or no answer of it */
  get: route('GET', '/review/{run_id}', {
    summary: 'What is wrong with an answer, where in its bytes, and what was decided',
    tag,
  })
    .input(runIdInput)
    .output(reviewCaseSchema),
  check: route('POST', '/review/{run_id}/check', {
    summary: 'Check whether a text would be accepted as the corrected output; writes nothing',
    tag,
  })
    .input(strictObject({ run_id: idSchema, corrected_text: correctedTextSchema }))
    .output(z.object({ valid: z.boolean(), problems: z.array(textProblemSchema) })),
  /** @throws NOT_FOUND, REVIEW_STATE where it was decided already or there is nothing to decide, VALIDATION_FAILED */
  decide: route('POST', '/review/{run_id}', {
    summary: 'Accept, correct or dismiss an answer; its bytes stay as they came',
    tag,
  })
    .input(reviewRequestSchema.extend({ run_id: idSchema }))
    .output(reviewSchema),
  /** Each by itself: what cannot be decided is among the refused. @throws VALIDATION_FAILED where nothing can be decided so */
  decideMany: route('POST', '/review-decisions', {
    summary: 'Accept or dismiss several answers, each recorded as its own decision; refusals are listed',
    tag,
  })
    .input(reviewManyRequestSchema)
    .output(reviewManyResultSchema),
};
