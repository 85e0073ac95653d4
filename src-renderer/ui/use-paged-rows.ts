import { useCallback, useMemo } from 'react';

/** What is needed of an infinite query over pages of a list. */
interface PagedQuery<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** The next page is fetched when so many rows or fewer are left below what is seen. */
const AHEAD = 60;

/** The rows that have been loaded, and what a table calls as it is scrolled, so that more come in time. */
export function usePagedRows<T>({ data, hasNextPage, isFetchingNextPage, fetchNextPage }: PagedQuery<T>) {
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const onRange = useCallback(
    (last: number) => {
      if (last >= rows.length - AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [rows.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  return { rows, onRange };
}
