import * as z from 'zod';
import {
  idSchema,
  newPartialSchema,
  partialOwnerSchema,
  promptPartialSchema,
  sha256Schema,
  strictObject,
  variableName,
} from '../domain';
import { pageInput, pageOf, route } from './base';

const tag = 'partials';

export const partialsContract = {
  list: route('GET', '/partials', { summary: 'The newest text of each partial, newest first', tag })
    .input(partialOwnerSchema.extend(pageInput))
    .output(pageOf(promptPartialSchema)),
  /** @throws TEMPLATE_SYNTAX, RENDER_LIMIT, VALIDATION_FAILED where the text uses partials itself */
  put: route('POST', '/partials', {
    summary: 'Give a partial a text; templates keep the text that they were frozen with',
    tag,
    successStatus: 201,
  })
    .input(newPartialSchema)
    .output(promptPartialSchema),
  /** @throws NOT_FOUND */
  get: route('GET', '/partials/{name}', { summary: 'The newest text of a partial, or one by its hash', tag })
    .input(partialOwnerSchema.extend({ name: variableName, text_sha256: sha256Schema.optional() }))
    .output(promptPartialSchema),
  /** @throws NOT_FOUND */
  ofTemplate: route('GET', '/templates/{template_id}/partials', {
    summary: 'The partials that a template was frozen with, and which of them have a newer text',
    tag,
  })
    .input(strictObject({ template_id: idSchema }))
    .output(
      z.object({
        items: z.array(
          z.object({
            name: z.string(),
            /** As frozen. */
            text: z.string(),
            text_sha256: sha256Schema,
            /** The newest text, where it is another; null where the frozen one still is. */
            newer: promptPartialSchema.nullable(),
          }),
        ),
      }),
    ),
};
