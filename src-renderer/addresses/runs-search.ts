import type { RunStatus } from '../../src-shared/domain/run';

/** Which runs the list shows; other screens lead to it with these. */
export interface RunsSearch {
  status?: RunStatus | undefined;
  model?: string | undefined;
  template?: string | undefined;
  connection?: string | undefined;
  batch?: string | undefined;
  failure?: string | undefined;
  /** Times, UTC: `from` included, `to` not. */
  from?: string | undefined;
  to?: string | undefined;
  simulated?: boolean | undefined;
  counted?: 'ended' | 'unpriced' | undefined;
  run?: string | undefined;
}
