import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { TemplateSummary } from '../../../src-shared/domain';
import { orpc } from '../../rpc';

/** Rows in one request: large enough that dragging the scrollbar through 100,000 takes few of them. */
const PAGE = 500;

interface Filters {
  readonly q: string;
  readonly workspace: string | undefined;
  readonly archived: boolean;
}

export interface TemplateList {
  /** Fetched rows; the list's length is `total`. */
  readonly rows: readonly TemplateSummary[];
  readonly total: number;
  readonly state: 'waiting' | 'ready' | 'failed';
  readonly error: unknown;
  retry(): void;
  /** Fetches pages until this row is there. */
  reach(index: number): void;
}

/** Templates that match, page by page; the previous rows stay until the next ones are there. */
export function useTemplateList({ q, workspace, archived }: Filters): TemplateList {
  const [wanted, setWanted] = useState(0);
  const query = useInfiniteQuery(
    orpc.templates.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        limit: PAGE,
        include_archived: archived,
        ...(q && { q }),
        ...(workspace && { workspace_id: workspace }),
        ...(cursor && { cursor }),
      }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
  );
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const missing = wanted >= rows.length - 100;

  useEffect(() => {
    if (missing && hasNextPage && !isFetching) void fetchNextPage();
  }, [missing, hasNextPage, isFetching, fetchNextPage, rows.length]);

  return {
    rows,
    total: Math.max(data?.pages[0]?.total ?? 0, rows.length),
    state: data ? 'ready' : query.isError ? 'failed' : 'waiting',
    error: query.error,
    retry: () => void query.refetch(),
    reach: useCallback((index) => setWanted(index), []),
  };
}
