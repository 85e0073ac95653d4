import * as z from 'zod';
import { flag, text } from '../../addresses';
import { promptOrderSchema } from '../../../src-shared/domain';

/** What the address of the list of prompts may hold: its filters and its order. */
export const promptsSearch = z.strictObject({
  q: text,
  workspace: text,
  label: text,
  tag: text,
  model: text,
  archived: flag,
  inactive: flag,
  sort: promptOrderSchema.optional(),
});
export type PromptsSearch = z.output<typeof promptsSearch>;

/** The base of diffs and the version to begin at, by template id, and whether trials are listed. */
export const historySearch = z.strictObject({ base: text, version: text, at: text, trials: flag });
