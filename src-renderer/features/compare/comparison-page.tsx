import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { batchShapeOf, columnNames, isFinal, type Batch } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { api, connection, failureOf, orpc, useAwake } from '../../rpc';
import { Badge, BatchStatusBadge, Page, RecordPage, SimulatedBadge, WithPanel } from '../../ui';
import { RunPanel } from '../runs';
import { createBatchView, type BatchSource } from './batch-view';
import { CompareGrid } from './grid/compare-grid';
import { BatchActions, ViewBar } from './comparison-toolbar';
import { CountsLine } from './counts-line';
import { followBatch, type Progress } from './follow-batch';
import { GridProvider, useGrid, useGridStore, useNewGridStore } from './grid/grid-store';
import { HaltBanner } from './halt-banner';
import { LeftOut, shownColumn } from './left-out';
import { ProgressAnnouncer } from './progress-announcer';
import { useBatchCommands } from './use-batch-commands';
import { useExportCommands } from './use-export';
import { useGridCommands } from './grid/use-grid-commands';

export function ComparisonPage() {
  const { batchId } = useParams({ from: '/compare/$batchId' });
  const query = useQuery(
    orpc.batches.get.queryOptions({ input: { batch_id: batchId }, placeholderData: undefined }),
  );
  if (query.data) return <Comparison key={batchId} batch={query.data} />;
  return (
    <RecordPage
      kind="Comparison"
      failure={query.isError ? failureOf(query.error) : null}
      onRetry={() => void query.refetch()}
      actions={<CommandButton id="go.compare" showKeys />}
    />
  );
}

/** State above, grid below, the inspected cell at the right. */
function Comparison({ batch }: { readonly batch: Batch }) {
  const queryClient = useQueryClient();
  const { batch_id: batchId } = batch;
  const [shape] = useState(() => batchShapeOf(batch));
  const view = useMemo(() => createBatchView(shape, sourceOf(batchId)), [batchId, shape]);
  const store = useNewGridStore(view);
  const awake = useAwake();
  const away = connection((state) => state.link === 'lost') && !isFinal(batch.status);
  const live = awake && !isFinal(batch.status);

  useEffect(
    () => store.setState({ over: batch.status === 'cancelled', locks: batch.lock, away }),
    [store, batch.status, batch.lock, away],
  );
  useEffect(() => {
    if (!live) return;
    const stop = new AbortController();
    const { queryKey } = orpc.batches.get.queryOptions({ input: { batch_id: batchId } });
    const onProgress = (progress: Progress): void => {
      const { status, status_reason, counts, target_totals } = progress;
      queryClient.setQueryData(queryKey, (known: Batch | undefined) =>
        known ? { ...known, status, status_reason, counts, target_totals } : known,
      );
    };
    void followBatch(batchId, view, onProgress, stop.signal);
    return () => {
      stop.abort();
      // Nobody follows the feed from here on: later changes are seen only by loading windows again.
      view.forget();
    };
  }, [batchId, view, live, queryClient]);

  return (
    <GridProvider value={store}>
      <Commands batch={batch} />
      <Page
        title={batch.name ?? batch.prompt_name}
        subtitle={
          <>
            {away ? (
              <Badge
                tone="warn"
                icon={IconPlugConnectedX}
                text="Not connected"
                title="Prompter is not responding. This is the last known state."
              />
            ) : (
              <BatchStatusBadge batch={batch} />
            )}
            {batch.simulated && <SimulatedBadge />}
            <CountsLine counts={batch.counts} total={batch.total} />
          </>
        }
        toolbar={<BatchActions batch={batch} />}
      >
        <HaltBanner batch={batch} />
        <LeftOut columns={batch.left_out} next="Compare again to run the column." />
        <ViewBar batch={batch} />
        <ProgressAnnouncer batch={batch} />
        <WithPanel panel={<Inspector batch={batch} />}>
          <CompareGrid batch={batch} view={view} />
        </WithPanel>
      </Page>
    </GridProvider>
  );
}

function sourceOf(batchId: string): BatchSource {
  return {
    rows: async (from, count) => (await api.batches.rows({ batch_id: batchId, from, count })).rows,
    nextFrame: (callback) => requestAnimationFrame(callback),
  };
}

/** A separate component, so that a command's state change does not re-render the grid. */
function Commands({ batch }: { readonly batch: Batch }) {
  useBatchCommands(batch);
  useExportCommands(batch);
  useGridCommands();
  return null;
}

function Inspector({ batch }: { readonly batch: Batch }) {
  const store = useGridStore();
  const runId = useGrid((state) => state.inspected?.runId);
  const target = useGrid((state) => state.inspected?.target ?? 0);
  if (!runId) return null;
  const name = columnNames(batch.targets)[target];
  return (
    <RunPanel
      runId={runId}
      title={name === undefined ? 'Cell' : shownColumn(name)}
      within={batch.batch_id}
      onClose={() => store.setState({ inspected: null })}
    />
  );
}
