import { useCallback, useMemo } from 'react';
import { failureOf, type Failure } from './failure';

/** What is needed of an infinite query over pages of a list. */
interface PagedQuery<Row> {
  readonly data: { readonly pages: readonly { readonly items: readonly Row[] }[] } | undefined;
  readonly error: unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
  readonly refetch: () => Promise<unknown>;
}

/** A list as far as it has been read. */
export interface PagedList<Row> {
  readonly rows: readonly Row[];
  /** Rows of the whole list, where that is known. */
  readonly total?: number;
  readonly loaded: boolean;
  readonly hasMore: boolean;
  /** Rows that were read before stay. */
  readonly failure: Failure | null;
  retry(): void;
  /** The last row that is on screen: more are fetched in time. */
  onRange(last: number): void;
}

/** How a list with cursors goes from page to page. */
export const BY_CURSOR = {
  initialPageParam: undefined,
  getNextPageParam: (page: { readonly next_cursor: string | null }) => page.next_cursor ?? undefined,
} as const;

/** The next page is fetched when so many rows or fewer are left below what is seen. */
const AHEAD = 60;

/** The rows of an infinite query. */
export function usePagedList<Row>(query: PagedQuery<Row>): PagedList<Row> {
  const { data, error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, refetch } =
    query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  // A page that failed is asked for again by a person, not by the next frame.
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
