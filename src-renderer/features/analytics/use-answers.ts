import { useQueries } from '@tanstack/react-query';
import type { CostsAnswer, ErrorsAnswer, LatencyAnswer, TokensAnswer } from '../../../src-shared/domain';
import { orpc } from '../../rpc';
import type { Breakdown } from '../../addresses';
import type { RangeInput } from './range';

export interface BreakdownAnswers {
  readonly costs: CostsAnswer;
  readonly errors: ErrorsAnswer;
  readonly latency: LatencyAnswer;
  readonly tokens: TokensAnswer;
}

export interface Answers {
  readonly byTime: BreakdownAnswers;
  readonly bySubject: BreakdownAnswers;
}

/** Everything that the screen shows of a range; what was shown before stays until all of it is there. */
export function useAnswers(input: RangeInput, by: Breakdown) {
  const time = { ...input, group_by: input.last_hours === undefined ? 'day' : 'hour' } as const;
  const subject = { ...input, group_by: by };
  return useQueries({
    queries: [
      orpc.insight.costs.queryOptions({ input: { ...time, stack_by: by } }),
      orpc.insight.errors.queryOptions({ input: time }),
      orpc.insight.latency.queryOptions({ input: time }),
      orpc.insight.tokens.queryOptions({ input: time }),
      orpc.insight.costs.queryOptions({ input: subject }),
      orpc.insight.errors.queryOptions({ input: subject }),
      orpc.insight.latency.queryOptions({ input: subject }),
      orpc.insight.tokens.queryOptions({ input: subject }),
    ],
    combine: ([costs, errors, latency, tokens, costs2, errors2, latency2, tokens2]) => {
      const all = [costs, errors, latency, tokens, costs2, errors2, latency2, tokens2];
      const answers: Answers | null =
        costs.data &&
        errors.data &&
        latency.data &&
        tokens.data &&
        costs2.data &&
        errors2.data &&
        latency2.data &&
        tokens2.data
          ? {
              byTime: { costs: costs.data, errors: errors.data, latency: latency.data, tokens: tokens.data },
              bySubject: {
                costs: costs2.data,
                errors: errors2.data,
                latency: latency2.data,
                tokens: tokens2.data,
              },
            }
          : null;
      return {
        answers,
        error: all.find((query) => query.error)?.error ?? null,
        retry: () => all.forEach((query) => void query.refetch()),
      };
    },
  });
}
