/**
 * Which runs the list shows; other screens lead to it with these. What the address says stays as it was written, also where
 * it is no filter: the screen names it and lists nothing, where dropping it would list everything.
 */
export interface RunsSearch {
  /** Words that all occur in names, prompts or outputs. */
  q?: string | undefined;
  status?: string | undefined;
  /** How the model's id begins. */
  model?: string | undefined;
  /** Exactly this id. */
  model_id?: string | undefined;
  template?: string | undefined;
  connection?: string | undefined;
  batch?: string | undefined;
  failure?: string | undefined;
  /** Times, UTC: `from` included, `to` not. */
  from?: string | undefined;
  to?: string | undefined;
  /** Amounts in USD, both included. */
  min_cost?: string | undefined;
  max_cost?: string | undefined;
  simulated?: boolean | string | undefined;
  counted?: string | undefined;
  run?: string | undefined;
}
