import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { ReviewCase, ReviewRequest } from '../../../src-shared/domain';
import { CommandButton, showNotice, useCommands } from '../../commands';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { FailureView, Waiting } from '../../ui';
import { usePrettyText } from '../outputs';
import { ReviewList } from '../runs';
import { BytesPane } from './bytes-pane';
import { CorrectionPane } from './correction-pane';
import { DismissDialog } from './dismiss-dialog';
import { PromptFold } from './prompt-fold';
import { useLiveCheck } from './use-live-check';
import classes from './review.module.css';

interface CaseProps {
  readonly runId: string;
  /** Called when the case is decided or skipped. */
  onNext(): void;
}

/** One answer: its bytes beside the output that should count. */
export function CaseView({ runId, onNext }: CaseProps) {
  const query = useQuery(
    orpc.review.get.queryOptions({ input: { run_id: runId }, placeholderData: undefined }),
  );
  if (query.isError) {
    return (
      <FailureView
        title="The answer could not be loaded"
        {...failureOf(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (!query.data) return <Waiting lines={8} />;
  return <LoadedCase found={query.data} onNext={onNext} />;
}

const DONE = { accept: 'Accepted.', correct: 'Correction recorded.', dismiss: 'Dismissed.' } as const;

function LoadedCase({ found, onNext }: { readonly found: ReviewCase; onNext(): void }) {
  const { item, state } = found;
  const { run_id } = item;
  const [text, setText] = usePrettyText(found.proposed_text ?? found.output_text ?? '');
  const [isDismissing, setDismissing] = useState(false);
  const editor = useRef<HTMLDivElement>(null);
  const check = useLiveCheck(run_id, text);
  const queryClient = useQueryClient();
  const refresh = (): void => {
    void queryClient.invalidateQueries({ queryKey: orpc.review.key() });
    void queryClient.invalidateQueries({ queryKey: orpc.runs.key() });
  };
  const decide = useMutation({
    mutationFn: (request: ReviewRequest) => api.review.decide({ run_id, ...request }),
    onSuccess: ({ action }) => {
      refresh();
      showNotice(DONE[action]);
      setDismissing(false);
      onNext();
    },
    onError: () => setDismissing(false),
  });
  const readAgain = useMutation({
    mutationFn: () => api.runs.reparse({ run_id }),
    onSuccess: ({ status, failure_message }) => {
      refresh();
      showNotice(
        status === 'succeeded'
          ? 'Parsed again: the answer is valid now.'
          : `Parsed again: ${failure_message ?? status}`,
      );
    },
  });
  const closed = state === 'open' ? undefined : 'This answer needs no review.';
  const failed = decide.error ?? readAgain.error;
  useCommands({
    'review.accept': {
      run: () => decide.mutate({ action: 'accept' }),
      disabled: closed ?? found.why_not_acceptable ?? undefined,
    },
    'review.edit': () => editor.current?.querySelector<HTMLElement>('[contenteditable]')?.focus(),
    'review.correct': {
      run: () => decide.mutate({ action: 'correct', corrected_text: text }),
      disabled: closed ?? (check.valid === true ? undefined : 'The text does not match the schema yet.'),
    },
    'review.dismiss': { run: () => setDismissing(true), disabled: closed },
    'review.retry': {
      run: () => readAgain.mutate(),
      disabled: readAgain.isPending ? 'Parsing is already running.' : undefined,
    },
  });
  return (
    <div className={classes.case}>
      <header className={classes.caseBar}>
        <p className={classes.why}>
          {item.failure_message ?? 'The answer was parsed.'}{' '}
          <Link to="/runs" search={{ run: run_id }} className={classes.open}>
            Open the run
          </Link>
        </p>
        <div className={classes.actions}>
          <CommandButton id="review.accept" showKeys>
            Accept
          </CommandButton>
          <CommandButton id="review.correct" variant="filled">
            Record correction
          </CommandButton>
          <CommandButton id="review.dismiss" showKeys>
            Dismiss…
          </CommandButton>
          <CommandButton id="review.retry" showKeys>
            Parse again
          </CommandButton>
          <CommandButton id="review.skip" showKeys>
            Skip
          </CommandButton>
        </div>
      </header>
      {failed && (
        <FailureView
          inline
          {...changeFailure(
            failureOf(failed),
            'Nothing was recorded',
            'The run and its bytes are unchanged.',
          )}
        />
      )}
      <ReviewList reviews={found.reviews} state={state} />
      <PromptFold runId={run_id} />
      <div className={classes.sides}>
        <section className={classes.side} aria-label="The answer's bytes" data-pane>
          <BytesPane runId={run_id} marks={found.marks} />
        </section>
        <section ref={editor} className={classes.side} aria-label="Corrected output" data-pane>
          <CorrectionPane found={found} text={text} check={check} onText={setText} />
        </section>
      </div>
      {isDismissing && (
        <DismissDialog
          onDismiss={(reason) => decide.mutate({ action: 'dismiss', reason })}
          onClose={() => setDismissing(false)}
        />
      )}
    </div>
  );
}
