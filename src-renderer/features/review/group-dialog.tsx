import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  REVIEW_DECISIONS,
  templateTitle,
  type ReviewGroup,
  type ReviewManyResult,
} from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, failureOf, orpc } from '../../rpc';
import { Dialog, DialogFooter, DialogForm, useFormat } from '../../ui';
import { groupProblem } from './group-problem';
import classes from './review.module.css';

/** The most that one call may decide. */
const MAX_PER_CALL = 200;
const VERBS = { accept: 'Accept', dismiss: 'Dismiss' } as const;

interface GroupDialogProps {
  readonly group: ReviewGroup;
  readonly action: 'accept' | 'dismiss';
  /** Called once everything is decided. */
  onDone(): void;
  onClose(): void;
}

/** States how many answers will be decided, decides exactly those, and lists refusals. */
export function GroupDialog({ group, action, onDone, onClose }: GroupDialogProps) {
  const { group_id } = group;
  const format = useFormat();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const waiting = useQuery({
    queryKey: ['review group', group_id],
    queryFn: () => membersOf(group_id),
    gcTime: 0,
    // Decides exactly what the dialog states: answers that arrive meanwhile are not included.
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: undefined,
  });
  const decide = useMutation({
    mutationFn: (runIds: readonly string[]) => decideAll(runIds, action, reason.trim()),
    onSuccess: ({ decided, refused }) => {
      if (refused.length > 0) return;
      showNotice(`${format.plural(decided.length, 'answer', 'answers')} ${REVIEW_DECISIONS[action]}.`);
      onDone();
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: orpc.review.key() });
      void queryClient.invalidateQueries({ queryKey: orpc.runs.key() });
    },
  });
  const ids = waiting.data ?? [];
  const many = format.plural(waiting.data?.length ?? group.count, 'answer', 'answers');
  const failed = decide.error ?? waiting.error;
  // Opens only once the number is known, since that is what the user confirms.
  if (waiting.isPending) return null;
  return (
    <Dialog onClose={onClose} title={`${VERBS[action]} ${many}?`}>
      {decide.data && decide.data.refused.length > 0 ? (
        <Refusals result={decide.data} action={action} onClose={onClose} />
      ) : (
        <DialogForm
          submit={
            <>
              {VERBS[action]} {many}
            </>
          }
          isBusy={decide.isPending}
          disabled={ids.length === 0 || (action === 'dismiss' && reason.trim() === '')}
          startsAtSubmit={action === 'accept'}
          failure={
            failed && {
              ...failureOf(failed),
              ...(decide.error
                ? {
                    title: 'Some answers may be undecided',
                    safe: 'Decisions made so far are recorded; the rest are still waiting.',
                  }
                : { title: 'The group could not be loaded', safe: 'Nothing was decided.' }),
            }
          }
          onSubmit={() => decide.mutate(ids)}
          onClose={onClose}
        >
          <p>
            {templateTitle(group)}: {groupProblem(group)}. Each answer gets its own decision; the answers
            themselves stay unchanged.
          </p>
          {action === 'dismiss' && (
            <Textarea
              label="Reason"
              description="Say why they cannot be used, for anyone who reads this later."
              required
              data-autofocus
              maxLength={4000}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </DialogForm>
      )}
    </Dialog>
  );
}

interface RefusalsProps {
  readonly result: ReviewManyResult;
  readonly action: 'accept' | 'dismiss';
  onClose(): void;
}

function Refusals({ result: { decided, refused }, action, onClose }: RefusalsProps) {
  const format = useFormat();
  return (
    <>
      <p role="alert">
        {format.count(decided.length)} of {format.count(decided.length + refused.length)}{' '}
        {REVIEW_DECISIONS[action]}. The others are still waiting:
      </p>
      <ul className={classes.problems} aria-label="Not decided" tabIndex={0}>
        {refused.map(({ run_id, message }) => (
          <li key={run_id}>
            <code>{run_id}</code> {message}
          </li>
        ))}
      </ul>
      <DialogFooter>
        <Button size="xs" variant="default" onClick={onClose}>
          Close
        </Button>
      </DialogFooter>
    </>
  );
}

async function membersOf(group_id: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.review.list({ group_id, cursor, limit: 500 });
    ids.push(...page.items.map(({ run_id }) => run_id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

async function decideAll(
  runIds: readonly string[],
  action: 'accept' | 'dismiss',
  reason: string,
): Promise<ReviewManyResult> {
  const result: ReviewManyResult = { decided: [], refused: [] };
  for (let from = 0; from < runIds.length; from += MAX_PER_CALL) {
    const part = await api.review.decideMany({
      run_ids: runIds.slice(from, from + MAX_PER_CALL),
      action,
      ...(reason !== '' && { reason }),
    });
    result.decided.push(...part.decided);
    result.refused.push(...part.refused);
  }
  return result;
}
