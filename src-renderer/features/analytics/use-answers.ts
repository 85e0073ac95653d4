import { useQuery } from '@tanstack/react-query';
import type { CostsAnswer, ErrorsAnswer, LatencyAnswer, TokensAnswer } from '../../../src-shared/domain';
import { api, orpc } from '../../rpc';
import type { Breakdown } from './search';
import type { RangeInput } from './range';

export interface BreakdownAnswers {
  readonly costs: CostsAnswer;
  readonly errors: ErrorsAnswer;
  readonly latency: LatencyAnswer;
  readonly tokens: TokensAnswer;
}

export interface Answers {
  /** What `bySubject` groups by and bars are stacked by. */
  readonly by: Breakdown;
  readonly byTime: BreakdownAnswers;
  readonly bySubject: BreakdownAnswers;
}

/**
 * All data of the screen as one query: the previous figures stay until every new one is there, so two ranges or
 * breakdowns never mix on screen.
 */
export function useAnswers(input: RangeInput, by: Breakdown) {
  return useQuery({
    queryKey: [...orpc.insight.key(), 'report', input, by],
    async queryFn({ signal }): Promise<Answers> {
      const time = { ...input, group_by: input.last_hours === undefined ? 'day' : 'hour' } as const;
      const subject = { ...input, group_by: by };
      const [byTime, bySubject] = await Promise.all([
        breakdown({ ...time, stack_by: by }, time, signal),
        breakdown(subject, subject, signal),
      ]);
      return { by, byTime, bySubject };
    },
  });
}

type Question = RangeInput & { readonly group_by: Breakdown | 'day' | 'hour' };

async function breakdown(
  costsOf: Question & { readonly stack_by?: Breakdown },
  of: Question,
  signal: AbortSignal,
): Promise<BreakdownAnswers> {
  const [costs, errors, latency, tokens] = await Promise.all([
    api.insight.costs(costsOf, { signal }),
    api.insight.errors(of, { signal }),
    api.insight.latency(of, { signal }),
    api.insight.tokens(of, { signal }),
  ]);
  return { costs, errors, latency, tokens };
}
