import { Button, Group, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Connection } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf } from '../../rpc';
import { Dialog, FailureView } from '../../ui';
import { toggleLabel } from './secret-toggle';

interface DialogProps {
  readonly connection: Connection;
  readonly opened: boolean;
  onClose(): void;
}

/** A new key goes in; no key ever comes out. */
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
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (secret) save.mutate();
  };
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={isNew ? `Add a key to ${connection.name}` : `Replace the key of ${connection.name}`}
    >
      <form onSubmit={submit}>
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
        <Group justify="flex-end" mt="lg">
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit" loading={save.isPending} disabled={!secret}>
            {isNew ? 'Add key' : 'Replace key'}
          </Button>
        </Group>
      </form>
    </Dialog>
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
    <Dialog opened={opened} onClose={onClose} title={`Remove ${connection.name}?`}>
      <p>Its key is deleted from the keychain. Runs made through it stay.</p>
      {remove.isError && (
        <FailureView inline {...changeFailure(failureOf(remove.error), 'The connection was not removed')} />
      )}
      <Group justify="flex-end" mt="lg">
        <Button size="xs" variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button size="xs" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </Group>
    </Dialog>
  );
}
