import { IconChecklist, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { templateTitle, type ReviewTotals } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { useRowHeight } from '../../preferences';
import { failureOf } from '../../rpc';
import {
  Empty,
  ListStates,
  Page,
  useFormat,
  VirtualTable,
  type Column,
  type Format,
  type VirtualTableHandle,
} from '../../ui';
import { GroupDialog } from './group-dialog';
import { CaseView } from './review-case';
import { lineIdOf, runIdOf, useReviewQueue, type QueueRow } from './use-review-queue';
import { groupProblem } from './group-problem';
import classes from './review.module.css';

/** Answers that could not be used as they came, grouped by problem. */
export function ReviewPage() {
  const { run: shownId } = useSearch({ from: '/review' });
  const navigate = useNavigate({ from: '/review' });
  const format = useFormat();
  const rowHeight = useRowHeight();
  const table = useRef<VirtualTableHandle>(null);
  const [deciding, setDeciding] = useState<'accept' | 'dismiss' | null>(null);
  const { query, failure, retry, rows, runId, group, active, onRange, toggle } = useReviewQueue(shownId);
  const totals = query.data?.totals;
  const hasRows = rows.length > 0;

  const show = (row: QueueRow | undefined): void =>
    void navigate({ search: row ? { run: runIdOf(row) } : {}, replace: true });
  /** An expanded group's own line is a heading, so the cursor skips it. */
  const moveTo = (index: number): void => {
    const wanted = Math.min(rows.length - 1, Math.max(0, index));
    const row = rows[wanted];
    const isPassed = row?.kind === 'group' && row.isOpen && rows[wanted + 1]?.kind === 'item';
    const next = !isPassed ? row : rows[wanted < active ? wanted - 1 : wanted + 1];
    if (next) show(next);
  };
  const following = [...rows.slice(active + 1), ...rows.slice(0, Math.max(0, active))].find(
    (row) => runIdOf(row) !== runId,
  );
  /** Wraps around; does nothing if there is no other. */
  const next = (): void => {
    show(following);
    table.current?.focus();
  };
  const nothing = hasRows ? undefined : 'Nothing to review.';
  const ungrouped = group ? undefined : (nothing ?? 'This answer is not in a group.');
  useCommands({
    'list.next': { run: () => moveTo(active + 1), disabled: nothing },
    'list.previous': { run: () => moveTo(active - 1), disabled: nothing },
    'review.skip': { run: next, disabled: following ? undefined : 'Nothing else to review.' },
    'review.fold': {
      run: toggle,
      disabled: ungrouped ?? (group?.count === 1 ? 'No other answer has this problem.' : undefined),
    },
    'review.acceptGroup': { run: () => setDeciding('accept'), disabled: ungrouped },
    'review.dismissGroup': { run: () => setDeciding('dismiss'), disabled: ungrouped },
  });
  // Takes focus on mount, since its keys need it.
  useEffect(() => {
    if (hasRows) table.current?.focus();
  }, [hasRows]);

  return (
    <Page
      title="Review"
      subtitle={totals && subtitleOf(format, totals, query.data?.grouped ?? 0)}
      toolbar={
        group &&
        group.count > 1 && (
          <>
            <CommandButton id="review.acceptGroup" showKeys>
              Accept all {format.count(group.count)}…
            </CommandButton>
            <CommandButton id="review.dismissGroup" showKeys>
              Dismiss all {format.count(group.count)}…
            </CommandButton>
          </>
        )
      }
    >
      <ListStates
        title="The queue could not be loaded"
        failure={failure ? failureOf(failure) : null}
        onRetry={retry}
        loaded={totals !== undefined}
        empty={totals !== undefined && runId === undefined && <NothingWaits totals={totals} />}
      >
        <div className={classes.page} data-keys="review">
          {hasRows && (
            <div className={classes.queue} data-pane>
              <VirtualTable
                label="Answers waiting for review"
                columns={COLUMNS}
                count={rows.length}
                rowHeight={rowHeight * 2}
                rowAt={(index) => rows[index]}
                idOf={lineIdOf}
                active={active}
                onActive={moveTo}
                onPick={(index) => {
                  const row = rows[index];
                  if (row?.kind === 'group' && row.group.group_id === group?.group_id) toggle();
                  else show(row);
                }}
                onRange={onRange}
                handle={table}
              />
            </div>
          )}
          {runId !== undefined && <CaseView key={runId} runId={runId} onNext={next} />}
        </div>
      </ListStates>
      {deciding && group && (
        <GroupDialog
          group={group}
          action={deciding}
          onClose={() => setDeciding(null)}
          onDone={() => {
            setDeciding(null);
            show(rows.find((row) => row.kind === 'group' && row.group.group_id !== group.group_id));
            table.current?.focus();
          }}
        />
      )}
    </Page>
  );
}

function subtitleOf(format: Format, { open }: ReviewTotals, grouped: number): string {
  const waiting = `${format.count(open)} waiting`;
  return open > grouped && grouped > 0
    ? `${waiting} · the oldest ${format.count(grouped)} are listed`
    : waiting;
}

const COLUMNS: readonly Column<QueueRow>[] = [
  {
    id: 'answer',
    title: 'Waiting, oldest first',
    width: 'minmax(0, 1fr)',
    render: (row) => (row.kind === 'group' ? <GroupLine {...row} /> : <ItemLine {...row} />),
  },
];

function GroupLine({ group, isOpen }: Extract<QueueRow, { kind: 'group' }>) {
  const format = useFormat();
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  const isMany = group.count > 1;
  return (
    <span className={classes.item} title={groupProblem(group)}>
      <span className={classes.itemName}>
        {isMany && (
          <>
            <Chevron size={12} role="img" aria-label={isOpen ? 'Expanded group' : 'Collapsed group'} />{' '}
            <strong>{format.count(group.count)} ×</strong>{' '}
          </>
        )}
        <bdi>{templateTitle(group)}</bdi>
      </span>
      <span className={classes.itemWhy}>{groupProblem(group)}</span>
    </span>
  );
}

function ItemLine({ item }: Extract<QueueRow, { kind: 'item' }>) {
  const format = useFormat();
  return (
    <span className={classes.item} data-member>
      <span className={classes.itemName}>{item.model_id}</span>
      <span className={classes.itemWhy}>{format.when(item.executed_at)}</span>
    </span>
  );
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
        ? 'Answers that are not the JSON their template asks for appear here, byte for byte as they arrived.'
        : `${format.percent(accepted / decided)} of ${format.plural(decided, 'reviewed answer was', 'reviewed answers were')} accepted, ${format.percent(corrected / decided)} corrected, ${format.percent(dismissed / decided)} dismissed.`}
    </Empty>
  );
}
