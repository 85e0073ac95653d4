import { skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { templateTitle, type TemplateSummary } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { ConfirmDialog } from '../../ui';

interface ArchiveDialogProps {
  readonly template: Pick<TemplateSummary, 'template_id' | 'name'> | undefined;
  onClose(): void;
}

/** Asks first, because archiving cannot be undone; a version that a label points to is kept. */
export function ArchiveDialog({ template, onClose }: ArchiveDialogProps) {
  const archive = useMutation({
    mutationFn: (templateId: string) => api.templates.archive({ template_id: templateId }),
    onSuccess: (archived) => {
      showNotice(`${templateTitle(archived)} is archived.`);
      onClose();
    },
  });
  const found = useQuery(
    orpc.templates.labels.queryOptions({
      input: template ? { template_id: template.template_id } : skipToken,
    }),
  );
  const labels = found.data?.items.map(({ label }) => label) ?? [];
  return (
    <ConfirmDialog
      opened={template !== undefined}
      title={`Archive ${template?.name ?? ''}?`}
      keep="Keep it"
      confirm="Archive"
      isBusy={archive.isPending}
      disabled={found.isPending || labels.length > 0}
      failure={archive.isError && changeFailure(failureOf(archive.error), 'The template was not archived')}
      onConfirm={() => template && archive.mutate(template.template_id)}
      onClose={() => {
        archive.reset();
        onClose();
      }}
    >
      {labels.length > 0 ? (
        <Labelled labels={labels} />
      ) : (
        <p>
          This version can no longer run. Its text and runs are kept, and a new template may use its
          configuration. A prompt leaves the list once all of its versions are archived. Archiving cannot be
          undone; “Set inactive” stops a whole prompt and can.
        </p>
      )}
    </ConfirmDialog>
  );
}

function Labelled({ labels }: { readonly labels: readonly string[] }) {
  const [first] = labels;
  const which = labels.length === 1 ? `The label ${first} points` : `The labels ${labels.join(', ')} point`;
  const them = labels.length === 1 ? 'it' : 'them';
  return (
    <p>
      {which} to this version, and programs that follow {them} would be refused. Move or remove {them} first
      (“Labels”). To stop the whole prompt for a while instead, use “Set inactive”, which can be undone.
    </p>
  );
}
