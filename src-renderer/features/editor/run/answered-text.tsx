import { Button } from '@mantine/core';
import { IconCircleCheck, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { isOpen, shownOutput, type Run } from '../../../../src-shared/domain';
import { orpc } from '../../../rpc';
import { showDiffAgainst } from '../diff-dialog';
import { restoreText, useEditor, useEditorStore } from '../draft-store';
import { answeredWords, type AnswerState } from './answered-words';
import type { DraftRun } from './draft-runs';
import classes from '../editor.module.css';

interface AnsweredTextProps {
  /** The template that was run. */
  readonly templateId: string;
  readonly phase: Exclude<DraftRun['phase'], 'idle' | 'storing'>;
  /** Null while the run has not ended. */
  readonly runId: string | null;
}

function stateOf(phase: AnsweredTextProps['phase'], run: Run | undefined): AnswerState {
  if (phase === 'streaming' || phase === 'waiting') return 'running';
  if (phase !== 'finished') return 'unanswered';
  if (run === undefined) return 'unknown';
  // Found again after a reload.
  if (isOpen(run.status)) return 'running';
  return shownOutput(run) === null ? 'unanswered' : 'answered';
}

/** Says whether what is shown below belongs to the text on screen, and whether it is an answer. */
export function AnsweredText({ templateId, phase, runId }: AnsweredTextProps) {
  const store = useEditorStore();
  const sha256 = useEditor((state) => state.configSha256);
  const rendered = useEditor((state) => state.renderedSha256);
  const template = useQuery(
    orpc.templates.get.queryOptions({ input: { template_id: templateId }, placeholderData: undefined }),
  );
  const run = useQuery(
    orpc.runs.get.queryOptions({
      input: { run_id: runId ?? '' },
      enabled: runId !== null,
      placeholderData: undefined,
    }),
  );
  const answered = template.data;
  // Not known yet, or the draft cannot be read: nothing is claimed.
  if (!answered || sha256 === null) return <p className={classes.answered} role="status" />;
  const isCurrent = answered.config_sha256 === sha256;
  const said = answeredWords(stateOf(phase, run.data), {
    isCurrent,
    hasOtherValues:
      rendered !== null && run.data !== undefined && run.data.rendered_prompt_sha256 !== rendered,
  });
  return (
    <p className={classes.answered} role="status" data-stale={!isCurrent || undefined}>
      {said?.tone === 'current' && <IconCircleCheck size={14} aria-hidden />}
      {said?.tone === 'stale' && <IconHistory size={14} aria-hidden />}
      {said?.words}
      {!isCurrent && (
        <>
          <Button size="compact-xs" variant="subtle" onClick={() => showDiffAgainst(templateId)}>
            What changed
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={() => restoreText(store, answered)}>
            Restore this text
          </Button>
        </>
      )}
    </p>
  );
}
