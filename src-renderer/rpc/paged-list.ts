import { useCallback, useMemo } from 'react';
import { failureOf, type Failure } from './failure';

/** The part of an infinite query used here. */
interface PagedQuery<Row> {
  readonly data: { readonly pages: readonly { readonly items: readonly Row[] }[] } | undefined;
  readonly error: unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
  readonly refetch: () => Promise<unknown>;
}

/** A list as loaded so far. */
export interface PagedList<Row> {
  readonly rows: readonly Row[];
  /** Length of the whole list, if known. */
  readonly total?: number;
  readonly loaded: boolean;
  readonly hasMore: boolean;
  /** Rows already loaded stay. */
  readonly failure: Failure | null;
  retry(): void;
  /** Reports the last visible row, so that more are fetched in time. */
  onRange(last: number): void;
}

/** Query options for cursor paging. */
export const BY_CURSOR = {
  initialPageParam: undefined,
  getNextPageParam: (page: { readonly next_cursor: string | null }) => page.next_cursor ?? undefined,
} as const;

/** The next page is fetched when at most this many rows remain below the visible ones. */
const AHEAD = 60;

export function usePagedList<Row>(query: PagedQuery<Row>): PagedList<Row> {
  const { data, error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, refetch } =
    query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  // A failed page is retried by the user, not by the next frame.
  const may = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  const onRange = useCallback(
    (last: number) => {
      if (may && last >= rows.length - AHEAD) void fetchNextPage();
    },
    [rows.length, may, fetchNextPage],
  );
  return {
    rows,
    loaded: data !== undefined,
    hasMore: hasNextPage,
    failure: error === null ? null : failureOf(error),
    retry: () => void (isFetchNextPageError ? fetchNextPage() : refetch()),
    onRange,
  };
}
