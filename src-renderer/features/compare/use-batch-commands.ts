import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isFinal, isHalted, type Batch } from '../../../src-shared/domain';
import { showNotice, useCommands } from '../../commands';
import { api, changeNotice, orpc } from '../../rpc';

type Action = 'pause' | 'resume' | 'resumeUnknown' | 'cancel' | 'retryFailed';

/** Pause, resume, cancel and retry, each with the reason when disabled. */
export function useBatchCommands(batch: Batch): void {
  const queryClient = useQueryClient();
  const id = { batch_id: batch.batch_id };
  const act = useMutation({
    mutationFn: (action: Action): Promise<Batch> => {
      switch (action) {
        case 'pause':
          return api.batches.pause(id);
        case 'resume':
          return api.batches.resume(id);
        case 'resumeUnknown':
          return api.batches.resume({ ...id, retry_unknown: true });
        case 'cancel':
          return api.batches.cancel(id);
        case 'retryFailed':
          return api.batches.retryFailed(id);
      }
    },
    onSuccess: (changed) => {
      queryClient.setQueryData(orpc.batches.get.queryOptions({ input: id }).queryKey, changed);
    },
    onError: (error) => showNotice(changeNotice(error, 'Refused')),
  });

  const { status, counts } = batch;
  const busy = act.isPending ? 'The last request is still in progress.' : undefined;
  const running = status === 'running';
  const resumable = isHalted(status) || (!running && counts.pending > 0);
  const over =
    status === 'cancelled' ? 'A cancelled comparison stays cancelled: start a new one.' : undefined;
  useCommands({
    'batch.pause': {
      run: () => act.mutate('pause'),
      disabled: busy ?? (running ? undefined : 'The comparison is not running.'),
    },
    'batch.resume': {
      run: () => act.mutate('resume'),
      disabled:
        busy ??
        over ??
        (resumable ? undefined : running ? 'The comparison is running.' : 'Nothing is left to run.'),
    },
    'batch.retryUnknown': {
      run: () => act.mutate('resumeUnknown'),
      disabled:
        busy ??
        over ??
        (counts.outcome_unknown > 0 && !running ? undefined : 'There are no unknown outcomes.'),
    },
    'batch.retryFailed': {
      run: () => act.mutate('retryFailed'),
      disabled:
        busy ?? over ?? (counts.failed === 0 ? 'Nothing failed.' : running ? 'Pause it first.' : undefined),
    },
    'batch.cancel': {
      run: () => act.mutate('cancel'),
      disabled: busy ?? (isFinal(status) ? 'The comparison has ended.' : undefined),
    },
  });
}
