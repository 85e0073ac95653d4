import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReviewGroup, ReviewItem } from '../../../src-shared/domain';
import { BY_CURSOR, orpc, usePagedList } from '../../rpc';

const PAGE = 100;

/** A line of the queue: a group, or an answer of the expanded group. */
export type QueueRow =
  | { readonly kind: 'group'; readonly group: ReviewGroup; readonly isOpen: boolean }
  | { readonly kind: 'item'; readonly item: ReviewItem };

export const runIdOf = (row: QueueRow): string => (row.kind === 'group' ? row.group.run_id : row.item.run_id);

/** Includes the kind, because a group and its first answer share a run. */
export const lineIdOf = (row: QueueRow): string => `${row.kind} ${runIdOf(row)}`;

/** The queue grouped by problem; the group of the shown answer is expanded. */
export function useReviewQueue(shownId: string | undefined) {
  const groups = useQuery(orpc.review.groups.queryOptions());
  const runId = shownId ?? groups.data?.items[0]?.run_id;
  const shown = useQuery(
    orpc.review.get.queryOptions({
      input: { run_id: runId ?? '' },
      enabled: runId !== undefined,
      placeholderData: undefined,
    }),
  );
  const all = groups.data?.items ?? [];
  const groupId = all.find(({ run_id }) => run_id === runId)?.group_id ?? shown.data?.item.group_id;
  const group = all.find(({ group_id }) => group_id === groupId);
  const [isFolded, setFolded] = useState(false);
  const openId = !isFolded && group !== undefined && group.count > 1 ? group.group_id : undefined;

  const members = useInfiniteQuery(
    orpc.review.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ group_id: openId, limit: PAGE, ...(cursor && { cursor }) }),
      ...BY_CURSOR,
      enabled: openId !== undefined,
      placeholderData: undefined,
    }),
  );
  const { rows: items, onRange } = usePagedList(members);
  const rows = all.flatMap((each): QueueRow[] => {
    const isOpen = each.group_id === openId;
    const line: QueueRow = { kind: 'group', group: each, isOpen };
    return isOpen ? [line, ...items.map((item): QueueRow => ({ kind: 'item', item }))] : [line];
  });
  const asItem = rows.findIndex((row) => row.kind === 'item' && row.item.run_id === runId);
  const first = rows.findIndex((row) => row.kind === 'group' && row.group.group_id === openId);
  return {
    query: groups,
    failure: groups.error ?? (openId === undefined ? null : members.error),
    retry: () => void Promise.all([groups.refetch(), openId !== undefined && members.refetch()]),
    rows,
    runId,
    group,
    active:
      asItem >= 0 ? asItem : rows.findIndex((row) => row.kind === 'group' && row.group.group_id === groupId),
    onRange: (last: number) => onRange(last - first - 1),
    toggle: () => setFolded((folded) => !folded),
  };
}
