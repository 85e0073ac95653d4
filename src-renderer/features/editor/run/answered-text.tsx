import { Button } from '@mantine/core';
import { IconCircleCheck, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../../rpc';
import { restoreText, useEditor, useEditorStore } from '../draft-store';
import { showDiffAgainst } from '../diff-dialog';
import classes from '../editor.module.css';

interface AnsweredTextProps {
  /** The template that was run. */
  readonly templateId: string;
  /** Null while the run has not ended. */
  readonly runId: string | null;
}

/** Says whether the answer below is one to the text on screen, or else to which. */
export function AnsweredText({ templateId, runId }: AnsweredTextProps) {
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
  const otherValues =
    isCurrent && rendered !== null && run.data !== undefined && run.data.rendered_prompt_sha256 !== rendered;
  return (
    <p className={classes.answered} role="status" data-stale={!isCurrent || undefined}>
      {isCurrent ? <IconCircleCheck size={14} aria-hidden /> : <IconHistory size={14} aria-hidden />}
      {!isCurrent
        ? 'Answer to another text: yours has changed since.'
        : otherValues
          ? 'Answer to this text with other values.'
          : 'Answer to the text on screen.'}
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
