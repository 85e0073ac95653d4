import { Link } from '@tanstack/react-router';
import { memo, useMemo } from 'react';
import { FAILURE_WORDS, shownOutput, type RunSummary } from '../../../../src-shared/domain';
import { GradeBadge, RunStatusBadge, useFormat } from '../../../ui';
import { DiffOutput, OutputText, Thinking } from '../../outputs';
import { FailureText, ReviewBadge, UsageLine } from '../../runs';
import { StateBadge } from '../../versions';
import { useCells, useViewVersion, type BatchView } from '../batch-view';
import { cellIndex, placeOfLine } from '../plan/coordinates';
import { alikeOf, type Alike } from './folds';
import { inspectActive, repeatsAt, standsFor, useGrid, useGridStore } from './grid-store';
import { StreamText } from './stream-text';
import classes from '../compare.module.css';

/** Limit for a clipped cell; an expanded one has its own. */
const CLIPPED_CHARS = 600;
const EXPANDED_CHARS = 20_000;

interface GridCellProps {
  readonly id: string;
  readonly view: BatchView;
  /** The cell, or the first of the repeats folded into it. */
  readonly index: number;
  readonly repeats: number;
  readonly line: number;
  readonly row: number;
  readonly target: number;
  readonly active: boolean;
}

/** One model's answer to one input, in any state. */
export const GridCell = memo(function GridCell({
  id,
  view,
  index,
  repeats,
  line,
  row,
  target,
  active,
}: GridCellProps) {
  const store = useGridStore();
  const cells = useCells(view, index, repeats);
  const alike = useMemo(() => alikeOf(cells), [cells]);
  const shown = useGrid((state) => standsFor(state, alike));
  // Until a repeat has ended, shows the one being streamed.
  const running = cells.findIndex(({ phase, run }) => phase === 'running' || run !== null);
  const started = cells[running];
  const activate = (): void => store.setState({ active: { row, target } });
  return (
    <div
      id={id}
      role="gridcell"
      aria-selected={active}
      className={classes.cell}
      data-phase={shown?.status ?? started?.run?.status ?? started?.phase ?? 'waiting'}
      onClick={() => {
        activate();
        if (store.getState().inspected) inspectActive(store);
      }}
      onDoubleClick={() => {
        activate();
        inspectActive(store);
      }}
    >
      {shown ? (
        <>
          <StoredCell run={shown} runs={alike.runs} view={view} line={line} target={target} />
          {repeats > 1 && <Tally alike={alike} repeats={repeats} row={row} target={target} />}
        </>
      ) : started ? (
        <>
          <StreamText view={view} index={index + running} />
          <div className={classes.meta}>
            <RunningBadge status={started.run?.status ?? 'sending'} />
          </div>
        </>
      ) : (
        <WaitingCell view={view} line={line} />
      )}
    </div>
  );
});

/** A lone answer is alike to nothing, and answers that all differ are called different. */
function agreement({ alike, succeeded, ended }: Alike, count: (value: number) => string): string {
  if (alike > 1) return `${count(alike)} of ${count(ended)} alike`;
  return succeeded > 1 ? `${count(succeeded)} different` : `1 of ${count(ended)} succeeded`;
}

/** The distinct kinds of failure among the repeats. */
function whyFailed({ runs }: Alike): string {
  const kinds = new Set(
    runs.flatMap(({ status, failure_code: code }) =>
      status === 'failed' && code !== null ? [FAILURE_WORDS[code]] : [],
    ),
  );
  return kinds.size === 0 ? '' : `: ${[...kinds].join(', ')}`;
}

/** The full messages of failed repeats: the line itself has room only for the kinds. */
function failureMessages({ runs }: Alike): string {
  return runs
    .flatMap(({ status, failure_message: message }) =>
      status === 'failed' && message !== null ? [message] : [],
    )
    .join('\n');
}

interface TallyProps {
  readonly alike: Alike;
  readonly repeats: number;
  readonly row: number;
  readonly target: number;
}

/** How many repeats gave the same output and what became of the others; a failure links to its run. */
function Tally({ alike, repeats, row, target }: TallyProps) {
  const format = useFormat();
  const store = useGridStore();
  const over = useGrid((state) => state.over);
  const open = repeats - alike.ended;
  return (
    <div className={classes.tally}>
      {alike.succeeded > 0 && <span>{agreement(alike, format.count)}</span>}
      {alike.failed > 0 && (
        // Keyboard users press Enter under Errors, or `x` to unfold.
        <button
          type="button"
          tabIndex={-1}
          className={classes.failedRepeats}
          title={failureMessages(alike)}
          onClick={(event) => {
            event.stopPropagation();
            const failed = alike.runs.find(({ status }) => status === 'failed');
            store.setState({
              active: { row, target },
              ...(failed && { inspected: { runId: failed.run_id, target } }),
            });
          }}
        >
          {format.count(alike.failed)} failed{whyFailed(alike)}
        </button>
      )}
      {alike.unknown > 0 && <span data-tone="warn">{format.count(alike.unknown)} unknown</span>}
      {alike.cancelled > 0 && <span>{format.count(alike.cancelled)} cancelled</span>}
      {open > 0 && (
        <span>
          {format.count(open)} {over ? 'not run' : 'pending'}
        </span>
      )}
    </div>
  );
}

/** Does not claim to be running while disconnected. */
function RunningBadge({ status }: { readonly status: RunSummary['status'] }) {
  const away = useGrid((state) => state.away);
  return away ? <span>not connected</span> : <RunStatusBadge status={status} />;
}

/** Empty until the row is loaded. */
function WaitingCell({ view, line }: { readonly view: BatchView; readonly line: number }) {
  useViewVersion(view);
  const over = useGrid((state) => state.over);
  if (!view.variables(placeOfLine(view.shape, line).input)) return null;
  return <span className={classes.quiet}>{over ? 'not run' : 'queued'}</span>;
}

interface AnswerProps {
  readonly run: RunSummary;
  readonly view: BatchView;
  readonly line: number;
  readonly target: number;
}

interface StoredCellProps extends AnswerProps {
  /** The run, with the repeats it represents. */
  readonly runs: readonly RunSummary[];
}

function StoredCell({ run, runs, view, line, target }: StoredCellProps) {
  const expanded = useGrid((state) => state.expanded.has(line));
  const limit = expanded ? EXPANDED_CHARS : CLIPPED_CHARS;
  const failed = run.status !== 'succeeded';
  const lock = useGrid((state) => state.locks.find(({ target_index }) => target_index === target));
  const known = run.evidence_grade !== null && run.evidence_grade !== 'none';
  // One drifted repeat marks the cell, whichever repeat is shown.
  const drifted = runs.some(
    ({ evidence_grade, provider_version_key }) =>
      typeof lock?.provider_version_key === 'string' &&
      evidence_grade !== null &&
      evidence_grade !== 'none' &&
      provider_version_key !== lock.provider_version_key,
  );
  // Does not repeat what the column header says.
  const deviates =
    (known || !failed) &&
    (!lock?.provider_version_key ||
      run.provider_version_key !== lock.provider_version_key ||
      run.evidence_grade !== lock.evidence_grade);
  return (
    <>
      <div className={classes.output} dir="auto">
        {failed && (
          <div className={classes.failure}>
            <RunStatusBadge status={run.status} />{' '}
            {run.status === 'outcome_unknown' ? (
              'Sent, but no answer was stored: it may have been billed.'
            ) : (
              <FailureText code={run.failure_code} message={run.failure_message} />
            )}{' '}
            {run.review_action !== null ? (
              <ReviewBadge action={run.review_action} />
            ) : wantsReview(run) ? (
              <Link to="/review" search={{ run: run.run_id }}>
                Review
              </Link>
            ) : null}
          </div>
        )}
        {run.thinking_text !== null && <Thinking text={run.thinking_text} isCell />}
        {shownOutput(run) !== null && (
          <Output run={run} limit={limit} view={view} line={line} target={target} />
        )}
        {!failed && shownOutput(run) === '' && <span className={classes.quiet}>empty answer</span>}
      </div>
      <div className={classes.meta}>
        <UsageLine run={run} />
        {!failed && <DeltaChip run={run} view={view} line={line} target={target} />}
      </div>
      {(deviates || drifted) && (
        <div className={classes.version} title={run.provider_version_key ?? 'no version evidence'}>
          {drifted && <StateBadge state="drift" />}
          {deviates && (
            <>
              <GradeBadge grade={run.evidence_grade} />
              <span className={classes.versionKey}>{run.provider_version_key}</span>
            </>
          )}
        </div>
      )}
    </>
  );
}

/** Whether the answer needs a review. */
function wantsReview({ failure_code }: RunSummary): boolean {
  return failure_code === 'output_invalid' || failure_code === 'parse_failed';
}

interface OutputProps extends AnswerProps {
  readonly limit: number;
}

/** The output, or its diff against the baseline's answer to the same input. */
function Output({ run, limit, view, line, target }: OutputProps) {
  const isClipped = useGrid((state) => state.cellHeight !== 'L' && !state.expanded.has(line));
  const baseline = useGrid((state) => (state.mode === 'diff' ? state.baseline : null));
  if (baseline === null || baseline === target)
    return <OutputText text={run.output_text} calls={run.tool_calls} limit={limit} isClipped={isClipped} />;
  return <Difference {...{ run, limit, view, line, baseline, isClipped }} />;
}

interface DifferenceProps {
  readonly run: RunSummary;
  readonly limit: number;
  readonly isClipped: boolean;
  readonly view: BatchView;
  readonly line: number;
  readonly baseline: number;
}

function Difference({ run, limit, isClipped, view, line, baseline }: DifferenceProps) {
  const reference = useReference(view, line, baseline);
  if (reference === null || shownOutput(reference) === null)
    return <OutputText text={run.output_text} calls={run.tool_calls} limit={limit} isClipped={isClipped} />;
  return <DiffOutput before={reference} after={run} reference="the baseline" limit={limit} />;
}

/** The run in the row's baseline cell. */
function useReference(view: BatchView, line: number, baseline: number): RunSummary | null {
  const repeats = useGrid((state) => repeatsAt(state, line));
  const cells = useCells(view, cellIndex(view.shape, line, baseline), repeats);
  return useMemo(() => alikeOf(cells).shown, [cells]);
}

/** Cost and latency relative to the baseline. */
function DeltaChip({ run, view, line, target }: AnswerProps) {
  const baseline = useGrid((state) => state.baseline);
  if (baseline === null || baseline === target) return null;
  return <Delta run={run} view={view} line={line} baseline={baseline} />;
}

interface DeltaProps {
  readonly run: RunSummary;
  readonly view: BatchView;
  readonly line: number;
  readonly baseline: number;
}

function Delta({ run, view, line, baseline }: DeltaProps) {
  const format = useFormat();
  const reference = useReference(view, line, baseline);
  if (!reference) return null;
  // Only the first digits of this ratio are shown, so doubles are precise enough.
  const cost =
    run.cost_usd !== null && reference.cost_usd !== null
      ? format.change(Number(run.cost_usd), Number(reference.cost_usd))
      : null;
  const time =
    run.latency_ms !== null && reference.latency_ms !== null
      ? format.change(run.latency_ms, reference.latency_ms)
      : null;
  if (cost === null && time === null) return null;
  return (
    <span className={classes.delta} title="Cost and latency compared with the baseline">
      {cost !== null && <span>$ {cost}</span>}
      {time !== null && <span>ms {time}</span>}
    </span>
  );
}
