import { IconChecklist } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ReviewItem, ReviewTotals } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { useRowHeight } from '../../preferences';
import { failureOf, orpc } from '../../rpc';
import {
  Empty,
  ListStates,
  Page,
  useFormat,
  usePagedRows,
  VirtualTable,
  type Column,
  type VirtualTableHandle,
} from '../../ui';
import { CaseView } from './review-case';
import classes from './review.module.css';

const PAGE = 100;

/** Answers that could not be used as they came, one after another. */
export function ReviewPage() {
  const { run: shownId } = useSearch({ from: '/review' });
  const navigate = useNavigate({ from: '/review' });
  const format = useFormat();
  const rowHeight = useRowHeight();
  const table = useRef<VirtualTableHandle>(null);
  const query = useInfiniteQuery(
    orpc.review.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: PAGE, ...(cursor && { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
  );
  const { rows, onRange, retry } = usePagedRows(query);
  const totals = query.data?.pages.at(-1)?.totals;
  const runId = shownId ?? rows[0]?.run_id;
  const active = rows.findIndex(({ run_id }) => run_id === runId);
  const hasRows = rows.length > 0;

  const open = (index: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))];
    void navigate({ search: next ? { run: next.run_id } : {}, replace: true });
  };
  /** The one after this; after the last the first, where that is another one. */
  const next = (): void => {
    const following = rows[active + 1] ?? rows.find(({ run_id }) => run_id !== runId);
    void navigate({ search: following ? { run: following.run_id } : {}, replace: true });
    table.current?.focus();
  };
  useCommands({
    'list.next': { run: () => open(active + 1), disabled: hasRows ? undefined : 'Nothing to review.' },
    'list.previous': { run: () => open(active - 1), disabled: hasRows ? undefined : 'Nothing to review.' },
    'review.skip': {
      run: next,
      disabled: rows.some(({ run_id }) => run_id !== runId) ? undefined : 'Nothing else to review.',
    },
  });
  // Its keys work while it has focus, so it begins with it.
  useEffect(() => {
    if (hasRows) table.current?.focus();
  }, [hasRows]);

  return (
    <Page title="Review" subtitle={totals && `${format.count(totals.open)} waiting`}>
      <ListStates
        title="The queue could not be read"
        failure={query.isError ? failureOf(query.error) : null}
        onRetry={retry}
        loaded={totals !== undefined}
        empty={totals !== undefined && runId === undefined && <NothingWaits totals={totals} />}
      >
        <div className={classes.page} data-keys="review">
          {hasRows && (
            <div className={classes.queue} data-pane>
              <VirtualTable
                label="Answers to review"
                columns={COLUMNS}
                count={rows.length}
                rowHeight={rowHeight * 2}
                rowAt={(index) => rows[index]}
                idOf={runIdOf}
                active={active}
                onActive={open}
                onRange={onRange}
                handle={table}
              />
            </div>
          )}
          {runId !== undefined && <CaseView key={runId} runId={runId} onNext={next} />}
        </div>
      </ListStates>
    </Page>
  );
}

const runIdOf = ({ run_id }: ReviewItem): string => run_id;

const COLUMNS: readonly Column<ReviewItem>[] = [
  {
    id: 'answer',
    title: 'Waiting, oldest first',
    width: 'minmax(0, 1fr)',
    render: (item) => (
      <span className={classes.item}>
        <span dir="auto" className={classes.itemName}>
          {item.template_name}
        </span>
        <span className={classes.itemWhy}>
          {item.model_id} · {whatIsWrong(item)}
        </span>
      </span>
    ),
  },
];

function whatIsWrong({ failure_code, parse_method_used }: ReviewItem): string {
  if (failure_code === 'parse_failed') return 'no readable answer';
  if (parse_method_used === 'jsonrepair') return 'a repair is proposed';
  return parse_method_used === 'direct' ? 'schema mismatch' : 'not JSON';
}

function NothingWaits({ totals }: { readonly totals: ReviewTotals }) {
  const format = useFormat();
  const { accepted, corrected, dismissed } = totals;
  const decided = accepted + corrected + dismissed;
  return (
    <Empty
      icon={<IconChecklist size={28} stroke={1.5} aria-hidden />}
      title="Nothing to review"
      actions={<CommandButton id="go.runs" showKeys />}
    >
      {decided === 0
        ? 'Answers that are not the JSON a template asks for come here, with their bytes as they arrived.'
        : `${format.percent(accepted / decided)} of ${format.plural(decided, 'reviewed answer was', 'reviewed answers were')} accepted, ${format.percent(corrected / decided)} corrected, ${format.percent(dismissed / decided)} dismissed.`}
    </Empty>
  );
}
