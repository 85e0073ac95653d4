import { useMutation } from '@tanstack/react-query';
import { showNotice } from '../../../commands';
import { api, changeFailure, failureOf } from '../../../rpc';
import { ConfirmDialog } from '../../../ui';
import type { Activity } from './use-activity';

/** Asks before a prompt is set inactive, because programs that use it stop working. */
export function InactiveDialog({ activity: { asking, close } }: { readonly activity: Activity }) {
  const deactivate = useMutation({
    mutationFn: (prompt_id: string) => api.prompts.update({ prompt_id, active: false }),
    onSuccess: ({ name }) => {
      showNotice(`${name} is inactive: it no longer runs.`);
      close();
    },
  });
  return (
    <ConfirmDialog
      opened={asking !== undefined}
      title={`Set ${asking?.name ?? ''} inactive?`}
      confirm="Set inactive"
      isBusy={deactivate.isPending}
      failure={deactivate.isError && changeFailure(failureOf(deactivate.error), 'The prompt was not changed')}
      onConfirm={() => asking && deactivate.mutate(asking.prompt_id)}
      onClose={() => {
        deactivate.reset();
        close();
      }}
    >
      <p>
        Runs and comparisons of all its versions are then refused, and so are programs that fetch it by a
        label. Its versions, labels and runs are kept and stay readable. You can set it active again at any
        time.
      </p>
    </ConfirmDialog>
  );
}
