import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { TextProblem } from '../../../src-shared/domain';
import { orpc } from '../../rpc';

/** Long enough that a word is typed, short enough to look live. */
const PAUSE_MS = 150;

export interface LiveCheck {
  /** Null while it is not known of this very text. */
  readonly valid: boolean | null;
  readonly problems: readonly TextProblem[];
  readonly error: Error | null;
}

/** What the core says of a text while it is typed: the same check that decides when it is recorded. */
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
