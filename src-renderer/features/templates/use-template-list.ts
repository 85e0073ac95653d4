import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TemplateSummary } from '../../../src-shared/domain';
import { api, failureOf, orpc, type PagedList } from '../../rpc';

/** Rows of the first request: what a screen shows and what is fetched ahead of it; the fewer, the sooner they are there. */
const FIRST_PAGE = 200;
/** Rows in each further one: the most that the contract gives. */
const PAGE = 500;
/** Rows that are fetched in a row, without showing them, on the way to a row far below. */
const STRETCH = 10_000;
/** Fetched ahead of what is on screen. */
const AHEAD = 100;

interface Filters {
  readonly q: string;
  readonly workspace: string | undefined;
  readonly archived: boolean;
}

/** `onRange` fetches pages until that row is there. */
type TemplateList = PagedList<TemplateSummary> & { readonly total: number };

interface Stretch {
  readonly items: readonly TemplateSummary[];
  readonly total: number;
  readonly next: Place | undefined;
}
interface Place {
  readonly cursor: string;
  /** Rows before it. */
  readonly before: number;
}

/**
 * Templates that match; the previous rows stay until the next ones are there. Cursors lead from page to page, so the
 * way to a row far below leads through all pages before it: they are fetched one after the other and shown together.
 */
export function useTemplateList({ q, workspace, archived }: Filters): TemplateList {
  const [wanted, setWanted] = useState(0);
  const wantedNow = useRef(0);
  const filters = {
    include_archived: archived,
    ...(q && { q }),
    ...(workspace && { workspace_id: workspace }),
  };
  const query = useInfiniteQuery({
    queryKey: orpc.templates.list.key({ type: 'infinite', input: filters }),
    initialPageParam: undefined as Place | undefined,
    getNextPageParam: (stretch: Stretch) => stretch.next,
    async queryFn({ pageParam, signal }): Promise<Stretch> {
      const before = pageParam?.before ?? 0;
      const items: TemplateSummary[] = [];
      let cursor = pageParam?.cursor ?? null;
      let total = 0;
      do {
        const page = await api.templates.list(
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
    // A page that failed is asked for again by a person, not by the next frame.
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
