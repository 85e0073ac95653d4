import { PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf } from '../../rpc';
import { ConfirmDialog, FormDialog } from '../../ui';
import { toggleLabel } from './secret-toggle';

interface DialogProps {
  readonly connection: Connection;
  readonly opened: boolean;
  onClose(): void;
}

export function SecretDialog({
  connection,
  opened,
  onClose,
  onReplaced,
}: DialogProps & { onReplaced(): void }) {
  const [secret, setSecret] = useState('');
  const isNew = connection.key_source === 'none';
  const save = useMutation({
    mutationFn: () => api.connections.setSecret({ connection_id: connection.connection_id, secret }),
    onSuccess: () => {
      setSecret('');
      showNotice(isNew ? `Key added to ${connection.name}.` : `Key of ${connection.name} replaced.`);
      onClose();
      onReplaced();
    },
  });
  return (
    <FormDialog
      opened={opened}
      title={isNew ? `Add a key to ${connection.name}` : `Replace the key of ${connection.name}`}
      submit={isNew ? 'Add key' : 'Replace key'}
      isBusy={save.isPending}
      disabled={!secret}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <PasswordInput
        label={isNew ? 'Key' : 'New key'}
        description="Goes straight to the keychain and is never shown again."
        autoComplete="off"
        data-autofocus
        visibilityToggleButtonProps={toggleLabel}
        value={secret}
        error={save.isError ? failureOf(save.error).message : undefined}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

export function RemoveDialog({ connection, opened, onClose }: DialogProps) {
  const remove = useMutation({
    mutationFn: () => api.connections.archive({ connection_id: connection.connection_id }),
    onSuccess: () => {
      showNotice(`${connection.name} and its key were removed.`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove ${connection.name}?`}
      keep="Keep it"
      confirm="Remove"
      isBusy={remove.isPending}
      failure={remove.isError && changeFailure(failureOf(remove.error), 'The connection was not removed')}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>Its key is deleted from the keychain. Runs made through it stay.</p>
    </ConfirmDialog>
  );
}
