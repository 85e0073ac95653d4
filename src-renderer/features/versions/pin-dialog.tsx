import { Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { FormDialog, Mono } from '../../ui';

interface PinDialogProps {
  readonly templateId: string;
  /** The model that it is about. */
  readonly model: { readonly provider?: string | undefined; readonly model_id: string };
  /** The version to pin; null removes the pin. */
  readonly version: string | null;
  onClose(): void;
}

export function PinDialog({ templateId, model, version, onClose }: PinDialogProps) {
  const [note, setNote] = useState('');
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const reason = { template_id: templateId, ...model, note: note.trim() || null };
      return version === null
        ? api.versions.unpin(reason)
        : api.versions.pin({ ...reason, provider_version_key: version });
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: orpc.versions.key() });
      showNotice(version === null ? 'Unpinned: any version is accepted.' : `Pinned to ${version}.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={version === null ? 'Unpin the template?' : 'Pin the template?'}
      submit={version === null ? 'Unpin' : 'Pin'}
      isBusy={save.isPending}
      failure={save.isError ? changeFailure(failureOf(save.error), 'The pin was not changed') : null}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {version === null ? (
        <p>Any version that answers is accepted.</p>
      ) : (
        <p>
          Runs succeed only while <Mono>{version}</Mono> answers. If another version is known to answer, they
          are refused before anything is sent.
        </p>
      )}
      <Textarea
        label="Note"
        description="Say why, for anyone who reads this later."
        data-autofocus
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
