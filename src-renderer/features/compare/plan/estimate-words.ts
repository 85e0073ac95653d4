import type { BatchEstimate } from '../../../../src-shared/domain';

type Estimated = Pick<BatchEstimate, 'bounded'>;

/** What the estimate is, before an amount: a bound, if every answer has a limit. */
export function estimatePrefix({ bounded }: Estimated): string {
  return bounded ? 'at most ≈' : '≈';
}

/** What the estimate takes for granted of the answers. */
export function estimateNote({ bounded }: Estimated): string {
  return bounded
    ? 'if every answer is as long as its token limit'
    : 'for answers of 500 tokens where no limit is set';
}
