import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { failureOf, orpc } from '../../rpc';
import { FailureView, TextBlock, Waiting } from '../../ui';
import { promptParts } from '../runs';
import classes from './review.module.css';

/** The prompt, collapsed: judging an answer may need it. */
export function PromptFold({ runId }: { readonly runId: string }) {
  const [isOpen, setOpen] = useState(false);
  const query = useQuery(
    orpc.runs.get.queryOptions({ input: { run_id: runId }, enabled: isOpen, placeholderData: undefined }),
  );
  const parts = query.data && promptParts(query.data);
  return (
    <details className={classes.prompt} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Prompt</summary>
      {query.isError && (
        <FailureView
          inline
          title="The prompt could not be loaded"
          {...failureOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isLoading && <Waiting lines={3} />}
      {parts?.map(({ name, text }) => (
        <div key={name}>
          <h2 className={classes.role}>{name}</h2>
          <TextBlock text={text} label={`${name} prompt`} mono />
        </div>
      ))}
    </details>
  );
}
