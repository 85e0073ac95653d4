import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { TemplateSummary } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf } from '../../rpc';
import { Dialog, FailureView } from '../../ui';

interface ArchiveDialogProps {
  readonly template: Pick<TemplateSummary, 'template_id' | 'name'> | undefined;
  onClose(): void;
}

/** Archiving cannot be taken back, so it asks. */
export function ArchiveDialog({ template, onClose }: ArchiveDialogProps) {
  const archive = useMutation({
    mutationFn: (templateId: string) => api.templates.archive({ template_id: templateId }),
    onSuccess: ({ name }) => {
      showNotice(`${name} is archived.`);
      onClose();
    },
  });
  return (
    <Dialog opened={template !== undefined} onClose={onClose} title={`Archive ${template?.name ?? ''}?`}>
      <p>
        It leaves the list and can no longer run. Its text and runs are kept, and a new template may use its
        configuration. Archiving cannot be undone.
      </p>
      {archive.isError && (
        <FailureView inline {...changeFailure(failureOf(archive.error), 'The template was not archived')} />
      )}
      <Group justify="flex-end" mt="lg">
        <Button size="xs" variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button
          size="xs"
          color="red"
          loading={archive.isPending}
          onClick={() => template && archive.mutate(template.template_id)}
        >
          Archive
        </Button>
      </Group>
    </Dialog>
  );
}
