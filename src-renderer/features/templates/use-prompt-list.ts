import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { PromptSummary } from '../../../src-shared/domain';
import { api, failureOf, orpc, type PagedList } from '../../rpc';
import type { PromptsSearch } from './search';

/** Rows of the first request: enough for a screen and the prefetch. Fewer rows arrive sooner. */
const FIRST_PAGE = 200;
/** Rows of each further request: the contract's maximum. */
const PAGE = 500;
/** Rows fetched in one go, without rendering, on the way to a distant row. */
const STRETCH = 10_000;
/** How many rows to prefetch. */
const AHEAD = 100;

/** `onRange` fetches pages until that row is loaded. */
type PromptList = PagedList<PromptSummary> & { readonly total: number };

interface Stretch {
  readonly items: readonly PromptSummary[];
  readonly total: number;
  readonly next: Place | undefined;
}
interface Place {
  readonly cursor: string;
  /** Rows before this page. */
  readonly before: number;
}

/**
 * Matching prompts; the previous rows stay until new ones arrive. Cursors lead only from page to page, so reaching
 * a distant row means fetching all pages before it: one after the other, shown together.
 */
export function usePromptList({
  q,
  workspace,
  label,
  tag,
  model,
  archived,
  inactive,
  sort,
}: PromptsSearch): PromptList {
  const [wanted, setWanted] = useState(0);
  const wantedNow = useRef(0);
  const filters = {
    include_archived: archived ?? false,
    include_inactive: inactive ?? false,
    ...(q && { q }),
    ...(workspace && { workspace_id: workspace }),
    ...(label && { label }),
    ...(tag && { tag }),
    ...(model && { model_id: model }),
    ...(sort && { sort }),
  };
  const query = useInfiniteQuery({
    queryKey: orpc.prompts.list.key({ type: 'infinite', input: filters }),
    initialPageParam: undefined as Place | undefined,
    getNextPageParam: (stretch: Stretch) => stretch.next,
    async queryFn({ pageParam, signal }): Promise<Stretch> {
      const before = pageParam?.before ?? 0;
      const items: PromptSummary[] = [];
      let cursor = pageParam?.cursor ?? null;
      let total = 0;
      do {
        const page = await api.prompts.list(
          { ...filters, ...(cursor ? { cursor, limit: PAGE } : { limit: FIRST_PAGE }) },
          { signal },
        );
        items.push(...page.items);
        total = page.total;
        cursor = page.next_cursor;
      } while (cursor && items.length < STRETCH && before + items.length < wantedNow.current + AHEAD);
      return { items, total, next: cursor ? { cursor, before: before + items.length } : undefined };
    },
  });
  const { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const missing = wanted >= rows.length - AHEAD;

  useEffect(() => {
    // A failed page is retried by the user, not by the next frame.
    if (missing && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [missing, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage, rows.length]);

  return {
    rows,
    total: Math.max(data?.pages[0]?.total ?? 0, rows.length),
    loaded: data !== undefined,
    hasMore: hasNextPage,
    failure: query.error === null ? null : failureOf(query.error),
    retry: () => void (isFetchNextPageError ? fetchNextPage() : query.refetch()),
    onRange: useCallback((index) => {
      wantedNow.current = index;
      setWanted(index);
    }, []),
  };
}
