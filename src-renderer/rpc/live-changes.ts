import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query';
import type { ChangeEvent } from '../../src-shared/domain';
import { backoffMs, pause } from './backoff';
import { api, orpc } from './client';
import { connection } from './connection';
import { failureOf } from './failure';

type Entity = ChangeEvent['entity'];

/** Which queries a change of records makes stale. */
const STALE: Readonly<Record<Entity, readonly QueryKey[]>> = {
  // What shows a template shows its prompt's name, which may have changed.
  templates: [
    orpc.templates.key(),
    orpc.prompts.key(),
    orpc.runs.key(),
    orpc.batches.key(),
    orpc.review.key(),
    orpc.insight.key(),
    orpc.system.key(),
  ],
  runs: [orpc.runs.key(), orpc.prompts.key(), orpc.review.key(), orpc.system.key(), orpc.insight.key()],
  batches: [orpc.batches.key(), orpc.system.key()],
  connections: [orpc.connections.key(), orpc.providers.key()],
  providers: [orpc.providers.key()],
  versions: [orpc.versions.key()],
  reviews: [orpc.review.key()],
  backups: [orpc.backups.key()],
  settings: [orpc.system.key(), orpc.prompts.labelRules.key(), orpc.sync.key(), orpc.insight.key()],
};

/** A running batch changes thousands of records a second; one refetch per interval looks live enough. */
const COALESCE_MS = 400;
/** How many pages a stale list keeps; the others are fetched again when scrolled to. */
const KEPT_PAGES = 2;

/**
 * Follows the change feed until aborted and invalidates stale queries, reconnecting with increasing delays. After a
 * reconnection, or an earlier interruption (`missed`), everything is stale.
 */
export async function followChanges(
  queryClient: QueryClient,
  signal: AbortSignal,
  missed: boolean,
): Promise<void> {
  const invalidate = coalesced(queryClient);
  let attempt = 0;
  let stale = missed;
  while (!signal.aborted) {
    try {
      const events = await api.system.changes(undefined, { signal });
      attempt = 0;
      connection.setState({ link: 'live', reason: null });
      if (stale) void queryClient.invalidateQueries();
      stale = true;
      for await (const event of events) invalidate(event.entity);
    } catch (error) {
      if (signal.aborted) return;
      connection.setState({ link: 'lost', reason: failureOf(error).message });
    }
    await pause(backoffMs(attempt), signal);
    attempt += 1;
  }
}

function coalesced(queryClient: QueryClient): (entity: Entity) => void {
  const waiting = new Set<Entity>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    // Every record adds an audit entry.
    const keys = [...[...waiting].flatMap((entity) => STALE[entity]), orpc.audit.list.key()];
    waiting.clear();
    for (const queryKey of keys) {
      trimPages(queryClient, queryKey);
      void queryClient.invalidateQueries({ queryKey });
    }
  };
  return (entity) => {
    waiting.add(entity);
    timer ??= setTimeout(flush, COALESCE_MS);
  };
}

/** TanStack refetches every page of a stale list in sequence, which a list of 100,000 rows cannot afford. */
function trimPages(queryClient: QueryClient, queryKey: QueryKey): void {
  queryClient.setQueriesData<InfiniteData<unknown> | undefined>({ queryKey }, (data) => {
    if (!isPaged(data) || data.pages.length <= KEPT_PAGES) return data;
    return { pages: data.pages.slice(0, KEPT_PAGES), pageParams: data.pageParams.slice(0, KEPT_PAGES) };
  });
}

function isPaged(data: unknown): data is InfiniteData<unknown> {
  return typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages);
}
