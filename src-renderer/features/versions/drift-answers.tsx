import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { shownOutput, type RunSummary } from '../../../src-shared/domain';
import { failureOf, orpc } from '../../rpc';
import { FailureView, Note, useFormat, Waiting } from '../../ui';
import { DiffOutput, OutputText } from '../outputs';
import classes from './versions.module.css';

/** Characters of an output shown here; the run's page has the rest. */
const LIMIT = 4_000;

interface DriftAnswersProps {
  readonly driftId: string;
  readonly startsOpen: boolean;
}

/** What the model answered to the same input before and after it changed; loaded on demand. */
export function DriftAnswers({ driftId, startsOpen }: DriftAnswersProps) {
  const [open, setOpen] = useState(startsOpen);
  const id = useId();
  return (
    <div className={classes.answers}>
      <Button
        size="compact-xs"
        variant="default"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {open ? 'Hide answers' : 'Show answers'}
      </Button>
      <div id={id}>{open && <Pairs driftId={driftId} />}</div>
    </div>
  );
}

function Pairs({ driftId }: { readonly driftId: string }) {
  const [diff, setDiff] = useState(false);
  const format = useFormat();
  const query = useQuery(
    orpc.versions.driftAnswers.queryOptions({ input: { drift_id: driftId }, placeholderData: undefined }),
  );
  if (query.isError)
    return <FailureView inline title="The answers could not be loaded" {...failureOf(query.error)} />;
  if (!query.data) return <Waiting lines={3} />;
  const { items, total } = query.data;
  if (items.length === 0)
    return (
      <p className={classes.input}>
        No input was answered both before and after the change, so there is nothing to compare. Run one of the
        earlier inputs again to see what changed.
      </p>
    );
  return (
    <>
      {items.map((pair) => (
        <section key={pair.rendered_prompt_sha256} aria-label="The same input, before and after">
          <p className={classes.input} dir="auto">
            {pair.before.kind === 'probe'
              ? 'These answers come from version probes: no run has the same input before and after.'
              : pair.rendered_prompt}
          </p>
          {!pair.same_request && <Note>The requests differ in other ways too, such as parameters.</Note>}
          <div className={classes.sides}>
            <Answer title="Before" run={pair.before} />
            <Answer title="After" run={pair.after} comparedWith={diff ? pair.before : null} />
          </div>
        </section>
      ))}
      {total > items.length && (
        <p className={classes.input}>
          {format.count(items.length)} of {format.count(total)} inputs answered both before and after.
        </p>
      )}
      <Button
        className={classes.mark}
        size="compact-xs"
        variant="default"
        aria-pressed={diff}
        onClick={() => setDiff(!diff)}
      >
        {diff ? 'Hide differences' : 'Mark differences'}
      </Button>
    </>
  );
}

interface AnswerProps {
  readonly title: string;
  readonly run: RunSummary;
  readonly comparedWith?: RunSummary | null;
}

function Answer({ title, run, comparedWith = null }: AnswerProps) {
  const format = useFormat();
  return (
    <figure className={classes.answer}>
      <figcaption>
        <strong>{title}</strong>
        <span title={format.exactTime(run.executed_at)}>{format.when(run.executed_at)}</span>
        {run.failure_code !== null && <span>failed: {run.failure_code.replaceAll('_', ' ')}</span>}
        <Link to="/runs" search={{ run: run.run_id }}>
          {run.kind === 'probe' ? 'Open the probe' : 'Open the run'}
        </Link>
      </figcaption>
      <div
        className={classes.output}
        dir="auto"
        // Focusable, so that it can be scrolled by keyboard.
        tabIndex={0}
        role="group"
        aria-label={`Answer ${title.toLowerCase()}`}
      >
        {shownOutput(run) === null ? (
          <span className={classes.note}>No output.</span>
        ) : comparedWith === null || shownOutput(comparedWith) === null ? (
          <OutputText text={run.output_text} calls={run.tool_calls} limit={LIMIT} isClipped={false} />
        ) : (
          <DiffOutput before={comparedWith} after={run} reference="the answer before" limit={LIMIT} />
        )}
      </div>
    </figure>
  );
}
