import type { RunStatus } from '../../src-shared/domain/run';

/** Which runs the list shows; other screens lead to it with these. */
export interface RunsSearch {
  status?: RunStatus | undefined;
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
  simulated?: boolean | undefined;
  counted?: 'ended' | 'unpriced' | undefined;
  run?: string | undefined;
}
