import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { showNotice, useCommands } from '../commands';
import { api, changeNotice, orpc, syncStatusQuery } from '../rpc';
import { useFormat } from '../ui';

export function useSyncCommands(): void {
  const navigate = useNavigate();
  const format = useFormat();
  const queryClient = useQueryClient();
  const { data } = useQuery(syncStatusQuery());
  const onSettled = () => void queryClient.invalidateQueries({ queryKey: orpc.sync.key() });
  const onError = (error: Error) => showNotice(changeNotice(error, 'Sync failed; nothing is lost'));
  const push = useMutation({
    mutationFn: () => api.sync.push(),
    onSuccess: ({ pushed }) =>
      showNotice(
        pushed === 0
          ? 'Everything was already synced.'
          : `Pushed ${format.plural(pushed, 'record', 'records')}.`,
      ),
    onError,
    onSettled,
  });
  const pause = useMutation({
    mutationFn: () => api.sync.pause(),
    onSuccess: () => showNotice('Sync paused. New records wait on this machine.'),
    onError,
    onSettled,
  });
  const resume = useMutation({
    mutationFn: () => api.sync.resume(),
    onSuccess: () => showNotice('Sync resumed.'),
    onError,
    onSettled,
  });
  const off = data?.configured === true ? undefined : 'No team database is set up.';
  const paused = data?.state === 'paused';
  useCommands({
    'sync.connect': () => void navigate({ to: '/sync', search: { connect: true } }),
    'sync.push': {
      run: () => push.mutate(),
      disabled: off ?? (push.isPending ? 'A push is already running.' : undefined),
    },
    'sync.pause': {
      run: () => pause.mutate(),
      disabled: off ?? (paused ? 'Sync is already paused.' : undefined),
    },
    'sync.resume': {
      run: () => resume.mutate(),
      disabled: off ?? (paused ? undefined : 'Sync is not paused.'),
    },
  });
}
