import { useMutation } from '@tanstack/react-query';
import { templateTitle, type TemplateSummary } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf } from '../../rpc';
import { ConfirmDialog } from '../../ui';

interface ArchiveDialogProps {
  readonly template: Pick<TemplateSummary, 'template_id' | 'name'> | undefined;
  onClose(): void;
}

/** Asks first, because archiving cannot be undone. */
export function ArchiveDialog({ template, onClose }: ArchiveDialogProps) {
  const archive = useMutation({
    mutationFn: (templateId: string) => api.templates.archive({ template_id: templateId }),
    onSuccess: (archived) => {
      showNotice(`${templateTitle(archived)} is archived.`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={template !== undefined}
      title={`Archive ${template?.name ?? ''}?`}
      keep="Keep it"
      confirm="Archive"
      isBusy={archive.isPending}
      failure={archive.isError && changeFailure(failureOf(archive.error), 'The template was not archived')}
      onConfirm={() => template && archive.mutate(template.template_id)}
      onClose={onClose}
    >
      <p>
        This version can no longer run. Its text and runs are kept, and a new template may use its
        configuration. A prompt leaves the list once all of its versions are archived. Archiving cannot be
        undone.
      </p>
    </ConfirmDialog>
  );
}
