import * as z from 'zod';
import { text } from './search';

/**
 * Filters of the run list; other screens link to it with them. A value is kept as written even if it is not a valid
 * filter: the screen reports it and lists nothing, because dropping it would list everything. Unknown names stay in
 * the router's search for the same reason.
 */
export const runsSearch = z.object({
  /** Words that must all occur in names, prompts or outputs. */
  q: text,
  status: text,
  /** Prefix of the model's id. */
  model: text,
  /** The exact model id. */
  model_id: text,
  template: text,
  connection: text,
  batch: text,
  failure: text,
  /** UTC times: `from` is inclusive, `to` exclusive. */
  from: text,
  to: text,
  /** USD, both inclusive. */
  min_cost: text,
  max_cost: text,
  simulated: z.union([z.boolean(), text]).optional(),
  counted: text,
  run: text,
});
export type RunsSearch = z.output<typeof runsSearch>;
