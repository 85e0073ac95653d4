import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DecidedRequest } from '../../../src-shared/domain';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { FailureView, Section } from '../../ui';
import classes from './templates.module.css';

interface LabelRequestsProps {
  readonly promptId: string;
  /** Who decides; empty if not said yet. */
  readonly person: string;
}

/** The requests that wait, and the last ones that were refused, with the reasons. */
export function LabelRequests({ promptId, person }: LabelRequestsProps) {
  const { data, error } = useQuery(
    orpc.prompts.labelRequests.queryOptions({ input: { prompt_id: promptId, limit: 50 } }),
  );
  if (error) {
    return <FailureView inline title="The requests could not be loaded" {...failureOf(error)} />;
  }
  const open = data?.items.filter(({ decision }) => decision === null) ?? [];
  const refused = data?.items.filter(({ decision }) => decision?.decision === 'refused').slice(0, 5) ?? [];
  if (open.length + refused.length === 0) return null;
  return (
    <Section title="Requests">
      <ul className={classes.moves} aria-label="Requests">
        {open.map((request) => (
          <OpenRequest key={request.request_id} request={request} person={person} />
        ))}
        {refused.map((request) => (
          <li key={request.request_id} className={classes.note}>
            {wordsOf(request)}: refused by {request.decision?.decided_by}. {request.decision?.reason}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function wordsOf({ label, version_number, requested_by, note }: DecidedRequest): string {
  const what = version_number === null ? `remove ${label}` : `move ${label} to v${version_number}`;
  return `${requested_by} asks to ${what}${note ? ` (${note})` : ''}`;
}

function OpenRequest({ request, person }: { readonly request: DecidedRequest; readonly person: string }) {
  const [reason, setReason] = useState('');
  const decide = useMutation({
    mutationFn: (decision: 'approved' | 'refused') =>
      api.prompts.decideLabel({
        request_id: request.request_id,
        decision,
        decided_by: person,
        reason: reason.trim() || null,
      }),
  });
  const unnamed = person === '';
  return (
    <li>
      {wordsOf(request)}
      <div className={classes.decision}>
        <TextInput
          size="xs"
          aria-label="Reason"
          placeholder="Reason; needed to refuse"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button
          size="xs"
          variant="default"
          disabled={unnamed}
          loading={decide.isPending}
          onClick={() => decide.mutate('approved')}
        >
          Approve
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={unnamed || reason.trim() === ''}
          loading={decide.isPending}
          onClick={() => decide.mutate('refused')}
        >
          Refuse
        </Button>
      </div>
      {unnamed && <span className={classes.note}>Enter your name above to decide.</span>}
      {decide.error && (
        <FailureView inline {...changeFailure(failureOf(decide.error), 'The request was not decided')} />
      )}
    </li>
  );
}
