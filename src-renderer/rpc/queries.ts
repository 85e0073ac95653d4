import { keepPreviousData, QueryClient } from '@tanstack/react-query';
import { failureOf } from './failure';

/** One cache for all server data. Nothing goes stale with time: the change feed invalidates it (live-changes.ts). */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        // The core is on this machine: being offline must not pause anything.
        networkMode: 'always',
        placeholderData: keepPreviousData,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && !failureOf(error).answered,
        retryDelay: 300,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
