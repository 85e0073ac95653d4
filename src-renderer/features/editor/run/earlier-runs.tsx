import { Button } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import {
  FAILURE_WORDS,
  shownOutput,
  type ListedRun,
  type NamedTemplate,
  versionTitle,
} from '../../../../src-shared/domain';
import { orpc } from '../../../rpc';
import { RunStatusBadge, Section, useFormat } from '../../../ui';
import { UsageLine } from '../../runs';
import { excerptOf } from '../draft';
import { restoreText, useEditor, useEditorStore } from '../draft-store';
import { showRun } from './draft-runs';
import classes from '../editor.module.css';

const SHOWN_RUNS = 8;
const SHOWN_TRIALS = 20;

/**
 * Runs of the version that was opened and of its prompt's drafts, so that no answer and no text is lost. What a draft
 * answered before it was frozen belongs to its version and is listed there alone.
 */
export function EarlierRuns({ base }: { readonly base: NamedTemplate | null }) {
  const firstTrial = useEditor((state) => state.draft.first_trial);
  const version = base && !base.trial ? base : null;
  const promptOf = base?.template_id ?? (firstTrial === '' ? null : firstTrial);
  const ofVersion = useQuery(
    orpc.runs.listOfTemplate.queryOptions({
      input: { template_id: version?.template_id ?? '', scope: 'configuration', limit: SHOWN_RUNS },
      enabled: version !== null,
      placeholderData: undefined,
    }),
  );
  // Its drafts are not listed before it is known which of them are the version's.
  if (version && ofVersion.isPending) return null;
  const runs = ofVersion.data?.items ?? [];
  const hasMore = (ofVersion.data?.next_cursor ?? null) !== null;
  const frozen = new Set(runs.flatMap((run) => (run.template_trial ? [run.template_id] : [])));
  return (
    <>
      {version && <RunsOfVersion version={version} runs={runs} hasMore={hasMore} />}
      {promptOf !== null && <RunsOfDrafts templateId={promptOf} frozen={frozen} />}
    </>
  );
}

interface RunsOfVersionProps {
  readonly version: NamedTemplate;
  readonly runs: readonly ListedRun[];
  readonly hasMore: boolean;
}

function RunsOfVersion({ version, runs, hasMore }: RunsOfVersionProps) {
  const format = useFormat();
  if (runs.length === 0) return null;
  const asDraft = runs.filter((run) => run.template_trial).length;
  return (
    <div className={classes.runs}>
      <Section
        // By its number: the text on screen may be a draft that started from it.
        title={`Runs of ${versionTitle(version)}`}
        actions={
          <span className={classes.note}>
            {hasMore ? `the latest ${format.count(runs.length)}` : format.count(runs.length)}
            {asDraft > 0 && `, ${format.count(asDraft)} as a draft`}
          </span>
        }
      >
        <ul className={classes.earlier}>
          {runs.map((run) => (
            <li key={run.run_id}>
              <RunButton run={run} text={null} />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

interface RunsOfDraftsProps {
  readonly templateId: string;
  /** Drafts that have become the version that is open. */
  readonly frozen: ReadonlySet<string>;
}

function RunsOfDrafts({ templateId, frozen }: RunsOfDraftsProps) {
  const store = useEditorStore();
  const { data } = useQuery(
    orpc.runs.listOfTemplate.queryOptions({
      input: { template_id: templateId, scope: 'trials', limit: SHOWN_TRIALS },
    }),
  );
  const runs = (data?.items ?? []).filter((run) => !frozen.has(run.template_id));
  const ids = [...new Set(runs.map((run) => run.template_id))];
  const texts = useQueries({
    queries: ids.map((id) =>
      orpc.templates.get.queryOptions({ input: { template_id: id }, placeholderData: undefined }),
    ),
    combine: (results) =>
      new Map(results.flatMap(({ data: text }) => (text ? [[text.template_id, text]] : []))),
  });
  if (runs.length === 0) return null;
  return (
    <div className={classes.runs}>
      <Section title="Runs of drafts">
        <ul className={classes.earlier}>
          {runs.map((run) => {
            const template = texts.get(run.template_id);
            return (
              <li key={run.run_id} className={classes.trial}>
                <RunButton run={run} text={template ? excerptOf(template) : ''} />
                <Button
                  size="compact-xs"
                  variant="subtle"
                  disabled={template === undefined}
                  onClick={() => template && restoreText(store, template)}
                >
                  Restore this text
                </Button>
              </li>
            );
          })}
        </ul>
      </Section>
    </div>
  );
}

function RunButton({ run, text }: { readonly run: ListedRun; readonly text: string | null }) {
  const docId = useEditor((state) => state.docId);
  const format = useFormat();
  return (
    <button type="button" onClick={() => showRun(docId, run)}>
      <span className={classes.earlierLine}>
        <RunStatusBadge status={run.status} />
        <span className={classes.earlierText} title={run.model_id}>
          {run.model_id}
        </span>
        {text === null && run.template_trial && <span className={classes.note}>draft</span>}
        <span className={classes.note} title={format.exactTime(run.executed_at)}>
          {format.when(run.executed_at)}
        </span>
      </span>
      {text !== null && (
        <span className={classes.earlierLine}>
          <span className={classes.trialText}>{text}</span>
        </span>
      )}
      <span className={classes.earlierLine}>
        <span className={classes.earlierText}>
          {run.failure_code ? FAILURE_WORDS[run.failure_code] : shownOutput(run)?.slice(0, 160)}
        </span>
        <span className={classes.note}>
          {run.simulated && 'sim. '}
          <UsageLine run={run} />
        </span>
      </span>
    </button>
  );
}
