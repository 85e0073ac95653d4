import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { failureOf, orpc } from '../../rpc';
import type { Versions } from './prompt-rows';

/** Versions shown below a prompt; its history has all of them. */
const SHOWN = 100;

interface Expanded {
  readonly versions: ReadonlyMap<string, Versions>;
  toggle(promptId: string, open: boolean): void;
}

/** Which prompts are expanded, and their versions. */
export function useExpanded(): Expanded {
  const [ids, setIds] = useState<readonly string[]>([]);
  const versions = useQueries({
    queries: ids.map((prompt_id) =>
      orpc.prompts.history.queryOptions({ input: { prompt_id, limit: SHOWN } }),
    ),
    combine: useCallback(
      (results: readonly { data?: History | undefined; error: unknown }[]) =>
        results.map(({ data, error }) => ({
          items: data?.items,
          isComplete: data?.next_cursor === null,
          failure: error ? `The versions could not be loaded: ${failureOf(error).message}` : undefined,
        })),
      [],
    ),
  });
  return {
    versions: useMemo(
      () =>
        new Map(
          ids.flatMap((id, index) => {
            const found = versions[index];
            return found === undefined ? [] : [[id, found] as const];
          }),
        ),
      [ids, versions],
    ),
    toggle: useCallback(
      (promptId, open) =>
        setIds((known) =>
          open ? [...known.filter((id) => id !== promptId), promptId] : known.filter((id) => id !== promptId),
        ),
      [],
    ),
  };
}

interface History {
  readonly items: Versions['items'];
  readonly next_cursor: string | null;
}
