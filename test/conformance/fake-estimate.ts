import type { BatchEstimate } from '../../src-shared/domain';

/** Of models without a known price. */
export const fakeEstimate = (calls: number): BatchEstimate => ({
  calls,
  cost_usd: null,
  unpriced_targets: 1,
  bounded: false,
  unread_variables: [],
  parameter_doubts: [],
  left_out: [],
});
