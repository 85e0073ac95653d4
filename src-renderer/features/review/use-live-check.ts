import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { TextProblem } from '../../../src-shared/domain';
import { orpc } from '../../rpc';

/** Long enough to type a word, short enough to look live. */
const PAUSE_MS = 150;

export interface LiveCheck {
  /** Null until this exact text has been checked. */
  readonly valid: boolean | null;
  readonly problems: readonly TextProblem[];
  readonly error: Error | null;
}

/** Checks a text while it is typed, with the same check that decides on recording. */
export function useLiveCheck(runId: string, text: string): LiveCheck {
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const query = useQuery(
    orpc.review.check.queryOptions({
      input: { run_id: runId, corrected_text: settled },
      gcTime: 0,
    }),
  );
  const isCurrent = settled === text && !query.isPlaceholderData;
  return {
    valid: isCurrent ? (query.data?.valid ?? null) : null,
    problems: query.data?.problems ?? [],
    error: query.error,
  };
}
