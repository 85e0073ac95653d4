import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import type { VerifiedBackup } from '../../../src-shared/domain';
import { showNotice, useCommands } from '../../commands';
import { api, changeNotice, orpc } from '../../rpc';
import { useFormat } from '../../ui';

const KEY = ['backup.create'];

/** "Back up now" on every screen. The result is shown in the status bar, and in full under Settings. */
export function useBackupCommand(): void {
  const format = useFormat();
  const queryClient = useQueryClient();
  const backup = useMutation({
    mutationKey: KEY,
    mutationFn: (): Promise<VerifiedBackup> => api.backups.create(),
    onMutate: () => showNotice('Backing up…'),
    onSuccess: ({ size_bytes }) => showNotice(`Backed up and verified: ${format.bytes(size_bytes)}.`),
    onError: (error) => showNotice(changeNotice(error, 'The backup failed')),
    onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.backups.key() }),
  });
  useCommands({
    'backup.create': {
      run: () => backup.mutate(),
      disabled: backup.isPending ? 'A backup is already running.' : undefined,
    },
  });
}

/** The last backup requested from this window, running or ended. */
export function useLastBackup() {
  const all = useMutationState({
    filters: { mutationKey: KEY },
    select: ({ state: { status, error } }) => ({ status, error }),
  });
  return all.at(-1) ?? null;
}
