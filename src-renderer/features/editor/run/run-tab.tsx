import { Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CommandButton, useCommands } from '../../../commands';
import { changeFailure, orpc } from '../../../rpc';
import { FailureView, Note } from '../../../ui';
import { ModelPicker } from '../../models';
import { RunDetails } from '../../runs';
import { InactiveWayOut } from '../../templates';
import { askForValues, draftIn, useEditor, useEditorStore, type EditorState } from '../draft-store';
import { valuesOf, valuesRefusal, withTypedVariables } from '../refusals/missing-values';
import { useSettled } from '../use-settled';
import { AnsweredText } from './answered-text';
import { followText, startRun, stopRun, useDraftRun } from './draft-runs';
import { EarlierRuns } from './earlier-runs';
import { RetryState } from './retry-state';
import { templateOnScreen } from './store-trial';
import { lacksConnection, whatWasSent } from './what-was-sent';
import classes from '../editor.module.css';

const PAUSE_MS = 120;

/** Runs what is on screen, with the preview's values, and shows the answer beside it. */
export function RunTab() {
  const store = useEditorStore();
  const base = useEditor((state) => state.base);
  const docId = useEditor((state) => state.docId);
  const provider = useEditor((state) => state.draft.provider);
  const ownModel = useEditor((state) => state.draft.model_id);
  const refusal = useEditor(runRefusal);
  const missing = useValuesRefusal();
  const [connectionId, setConnectionId] = useState<string | null>(null);
  const [model, setModel] = useState('');
  const run = useDraftRun(docId);
  const connections = useQuery(orpc.connections.list.queryOptions());
  const busy = run.phase === 'storing' || run.phase === 'streaming' || run.phase === 'waiting';
  const own = connections.data?.items.find(
    (connection) => connection.provider === provider && connection.is_default,
  );

  useCommands({
    'run.start': {
      run: () => {
        const typed = withTypedVariables(store.getState());
        const unusable = valuesRefusal(typed);
        if (unusable !== null) {
          askForValues(store, `Not run. ${unusable}`);
          return;
        }
        store.setState({ tab: 'run' });
        // A different model still goes to the template's provider, not to the one its name suggests.
        const chosen = connectionId ?? (model.trim() ? own?.connection_id : undefined);
        void startRun(docId, () => templateOnScreen(store), {
          variables: valuesOf(typed),
          ...(chosen && { connection_id: chosen }),
          ...(model.trim() && { model_id: model.trim() }),
        });
      },
      disabled: busy ? 'A run is under way.' : refusal,
    },
    ...(busy && { 'run.stop': () => stopRun(docId) }),
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
        <ModelPicker
          label="Model"
          placeholder={ownModel || 'Search all connections'}
          value={model}
          chosen={{ connection_id: connectionId, provider }}
          onChange={({ model_id, connection_id }) => {
            setModel(model_id);
            if (connection_id !== undefined) setConnectionId(connection_id);
          }}
        />
        {busy ? (
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
      {(refusal ?? missing) && <Note>{refusal ?? missing}</Note>}
      {run.phase === 'failed' && (
        <FailureView
          inline
          {...changeFailure(run.failure, 'The run did not start', whatWasSent(run))}
          actions={
            lacksConnection(run.failure) ? (
              <CommandButton id="connection.add" />
            ) : (
              <InactiveWayOut failure={run.failure} />
            )
          }
        />
      )}
      {run.phase !== 'idle' && run.phase !== 'storing' && run.template_id !== null && (
        <AnsweredText
          templateId={run.template_id}
          phase={run.phase}
          runId={run.phase === 'finished' ? run.run_id : null}
        />
      )}
      {run.phase === 'waiting' && <RetryState wait={run.wait} />}
      {run.phase === 'stopped' && (
        <Note>
          {run.wait === null
            ? 'Stopped by you. The provider may bill the call. What had arrived is stored; it is listed under Runs.'
            : `Stopped before attempt ${run.wait.attempt}. The provider had turned the call before it away.`}
        </Note>
      )}
      {(run.phase === 'streaming' || (run.phase === 'stopped' && run.wait === null)) && (
        <StreamedText key={run.template_id} docId={docId} busy={busy} />
      )}
      {run.phase === 'finished' && <RunDetails runId={run.run_id} />}
      <EarlierRuns base={base} />
    </>
  );
}

/** As of the last pause in typing: a key need not read every text for it. */
function useValuesRefusal(): string | null {
  const draft = useSettled(draftIn, PAUSE_MS);
  const partials = useEditor((state) => state.partials);
  const fixtures = useEditor((state) => state.fixtures);
  const variables = useEditor((state) => state.variables);
  const optionalVariables = useEditor((state) => state.optionalVariables);
  return useMemo(
    () => valuesRefusal({ draft, partials, fixtures, variables, optionalVariables }),
    [draft, partials, fixtures, variables, optionalVariables],
  );
}

function StreamedText({ docId, busy }: { readonly docId: string; readonly busy: boolean }) {
  const output = useRef<HTMLPreElement>(null);
  useEffect(
    () =>
      followText(docId, (text) => {
        if (output.current) output.current.textContent = text;
      }),
    [docId],
  );
  return <pre className={classes.stream} ref={output} aria-label="Streamed output" aria-busy={busy} />;
}

function runRefusal({ base, dirty, isInactive }: EditorState): string | undefined {
  if (base?.deleted_at && !dirty) return 'Archived templates cannot run.';
  return isInactive ? 'The prompt is inactive. Set it active to run it.' : undefined;
}
