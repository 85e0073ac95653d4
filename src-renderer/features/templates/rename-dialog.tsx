import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { PromptSummary } from '../../../src-shared/domain';
import { api, changeFailure, failureOf } from '../../rpc';
import { Dialog, DialogForm, FailureView } from '../../ui';

interface RenameDialogProps {
  readonly prompt: Pick<PromptSummary, 'prompt_id' | 'name'>;
  onClose(): void;
}

export function RenameDialog({ prompt: { prompt_id, name }, onClose }: RenameDialogProps) {
  const [typed, setTyped] = useState(name);
  const rename = useMutation({
    mutationFn: (next: string) => api.prompts.update({ prompt_id, name: next }),
    onSuccess: onClose,
  });
  const next = typed.trim();
  return (
    <Dialog onClose={onClose} title={`Rename ${name}`}>
      <DialogForm
        cancel="Cancel"
        submit="Rename"
        isBusy={rename.isPending}
        disabled={next === '' || next === name}
        onSubmit={() => rename.mutate(next)}
        onClose={onClose}
      >
        <TextInput
          label="Name"
          description="Programs that fetch this prompt by name need the new one. The record of each version keeps the name that it was frozen under."
          maxLength={200}
          data-autofocus
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {rename.isError && (
          <FailureView inline {...changeFailure(failureOf(rename.error), 'The prompt was not renamed')} />
        )}
      </DialogForm>
    </Dialog>
  );
}
