import { Autocomplete, Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FAILURE_WORDS, shownOutput, type Variables } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { changeFailure, orpc } from '../../rpc';
import { FailureView, Note, RunStatusBadge, Section, useFormat } from '../../ui';
import { RunDetails, UsageLine } from '../runs';
import { firstProblem, valueOf, variableShapes, type Shape } from '../variables';
import { useEditor, useEditorStore, type EditorState } from './draft-store';
import { useStreamedRun } from './use-streamed-run';
import classes from './editor.module.css';

/** Runs the frozen template once, with the preview's values. */
export function RunTab() {
  const store = useEditorStore();
  const base = useEditor((state) => state.base);
  const refusal = useEditor(runRefusal);
  const [connectionId, setConnectionId] = useState<string | null>(null);
  const [model, setModel] = useState('');
  const run = useStreamedRun();
  const connections = useQuery(orpc.connections.list.queryOptions());
  const models = useQuery(
    orpc.connections.models.queryOptions({
      input: { connection_id: connectionId ?? '' },
      enabled: connectionId !== null,
      placeholderData: undefined,
    }),
  );
  const streaming = run.phase === 'streaming';
  const own = connections.data?.items.find(
    (connection) => connection.provider === base?.provider && connection.is_default,
  );

  useCommands({
    'run.start': {
      run: () => {
        store.setState({ tab: 'run' });
        if (!base) return;
        // A different model still goes to the template's provider, not to the one its name suggests.
        const chosen = connectionId ?? (model.trim() ? own?.connection_id : undefined);
        run.start({
          template_id: base.template_id,
          variables: valuesOf(store.getState()),
          stream: true,
          ...(chosen && { connection_id: chosen }),
          ...(model.trim() && { model_id: model.trim() }),
        });
      },
      disabled: streaming ? 'A run is streaming.' : refusal,
    },
    ...(streaming && { 'run.stop': run.stop }),
  });

  return (
    <>
      <div className={classes.runForm}>
        <Select
          label="Connection"
          placeholder={own ? `Default: ${own.name}` : 'Default'}
          clearable
          data={(connections.data?.items ?? []).map((connection) => ({
            value: connection.connection_id,
            label: connection.name,
          }))}
          value={connectionId}
          onChange={setConnectionId}
        />
        <Autocomplete
          label="Model"
          placeholder={base?.model_id ?? 'Model id'}
          data={[...new Set((models.data?.items ?? []).map((item) => item.model_id))]}
          limit={40}
          value={model}
          onChange={setModel}
        />
        {streaming ? (
          <CommandButton id="run.stop" showKeys>
            Stop
          </CommandButton>
        ) : (
          <CommandButton
            id="run.start"
            variant="filled"
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            showKeys
          >
            Run
          </CommandButton>
        )}
      </div>
      {refusal && <Note>{refusal}</Note>}
      {run.failure && (
        <FailureView
          inline
          {...changeFailure(run.failure, 'The run did not start', 'Nothing was sent twice.')}
        />
      )}
      {run.phase === 'stopped' && (
        <Note>No longer followed. The call may still finish and be billed; it is listed under Runs.</Note>
      )}
      {(streaming || run.phase === 'stopped') && (
        <pre className={classes.stream} ref={run.output} aria-label="Streamed output" aria-busy={streaming} />
      )}
      {run.finished && <RunDetails runId={run.finished.run_id} />}
      {base && <EarlierRuns templateId={base.template_id} onShow={run.show} />}
    </>
  );
}

/** The values typed under Preview, in the shapes the template expects. */
function valuesOf({ draft, fixtures, variables, optionalVariables }: EditorState): Variables {
  const shapes = shapesOf(draft);
  const given = variables.filter((name) => fixtures[name] || !optionalVariables.includes(name));
  return Object.fromEntries(given.map((name) => [name, valueOf(fixtures[name] ?? '', shapes.get(name))]));
}

function shapesOf(draft: EditorState['draft']): ReadonlyMap<string, Shape> {
  return variableShapes(`${draft.system_instructions}\n${draft.user_prompt_template}`);
}

function runRefusal({
  base,
  draft,
  dirty,
  variables,
  optionalVariables,
  fixtures,
}: EditorState): string | undefined {
  if (!base || dirty) return 'Freeze the draft first: only frozen templates can run.';
  if (base.deleted_at) return 'Archived templates cannot run.';
  const missing = variables.filter((name) => !fixtures[name] && !optionalVariables.includes(name));
  if (missing.length > 0) return `Enter a value in Preview for: ${missing.join(', ')}.`;
  const given = Object.fromEntries(variables.map((name) => [name, fixtures[name] ?? '']));
  return firstProblem(given, shapesOf(draft)) ?? undefined;
}

interface EarlierRunsProps {
  readonly templateId: string;
  onShow(runId: string): void;
}

function EarlierRuns({ templateId, onShow }: EarlierRunsProps) {
  const format = useFormat();
  const { data } = useQuery(
    orpc.runs.listOfTemplate.queryOptions({ input: { template_id: templateId, limit: 8 } }),
  );
  const runs = data?.items ?? [];
  if (runs.length === 0) return null;
  return (
    <div className={classes.runs}>
      <Section title="Recent runs">
        <ul className={classes.earlier}>
          {runs.map((run) => (
            <li key={run.run_id}>
              <button type="button" onClick={() => onShow(run.run_id)}>
                <span className={classes.earlierLine}>
                  <RunStatusBadge status={run.status} />
                  <span className={classes.earlierText} title={run.model_id}>
                    {run.model_id}
                  </span>
                  <span className={classes.note} title={format.exactTime(run.executed_at)}>
                    {format.when(run.executed_at)}
                  </span>
                </span>
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
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
