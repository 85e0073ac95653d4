import * as z from 'zod';
import { text } from './search';

/**
 * Which runs the list shows; other screens lead to it with these. What the address says stays as it was written, also where
 * it is no filter: the screen names it and lists nothing, where dropping it would list everything. Names that are not here stay
 * in the router's search for the same reason.
 */
export const runsSearch = z.object({
  /** Words that all occur in names, prompts or outputs. */
  q: text,
  status: text,
  /** How the model's id begins. */
  model: text,
  /** Exactly this id. */
  model_id: text,
  template: text,
  connection: text,
  batch: text,
  failure: text,
  /** Times, UTC: `from` included, `to` not. */
  from: text,
  to: text,
  /** Amounts in USD, both included. */
  min_cost: text,
  max_cost: text,
  simulated: z.union([z.boolean(), text]).optional(),
  counted: text,
  run: text,
});
export type RunsSearch = z.output<typeof runsSearch>;
