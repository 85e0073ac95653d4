import * as z from 'zod';
import { shownText } from '../blank';
import { DEFAULT_ORG_ID, DEFAULT_WORKSPACE_ID, idSchema, sha256Schema, timestampSchema } from '../ids';
import { strictObject } from '../json/strict-object';
import { promptTextSchema, variableName } from './message';

/** A text that many prompts use by name. Each text of a name is a record; the newest counts. */
export const promptPartialSchema = z.object({
  partial_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  name: z.string(),
  /** CRLF to LF and NFC, as its hash has it. */
  text: z.string(),
  text_sha256: sha256Schema,
  created_at: timestampSchema,
  created_by: z.string().nullable(),
});
export type PromptPartial = z.infer<typeof promptPartialSchema>;

const owner = {
  org_id: idSchema.default(DEFAULT_ORG_ID),
  workspace_id: idSchema.default(DEFAULT_WORKSPACE_ID),
};
/** Whose partials. */
export const partialOwnerSchema = strictObject(owner);

export const newPartialSchema = strictObject({
  ...owner,
  name: variableName,
  text: promptTextSchema,
  created_by: shownText(200).nullish(),
});
