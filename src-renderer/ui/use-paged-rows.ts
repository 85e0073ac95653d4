import { useCallback, useMemo } from 'react';

/** What is needed of an infinite query over pages of a list. */
interface PagedQuery<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
  readonly refetch: () => Promise<unknown>;
}

/** The next page is fetched when so many rows or fewer are left below what is seen. */
const AHEAD = 60;

/** The rows that have been loaded, and what a table calls as it is scrolled, so that more come in time. */
export function usePagedRows<T>(query: PagedQuery<T>) {
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, refetch } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  // A page that failed is asked for again by a person, not by the next frame.
  const may = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  const onRange = useCallback(
    (last: number) => {
      if (may && last >= rows.length - AHEAD) void fetchNextPage();
    },
    [rows.length, may, fetchNextPage],
  );
  const retry = (): void => void (isFetchNextPageError ? fetchNextPage() : refetch());
  return { rows, onRange, retry };
}
