import { Button, Group, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Dialog } from '../../ui';

interface DismissDialogProps {
  onDismiss(reason: string): void;
  onClose(): void;
}

/** Asks why an answer cannot be used. */
export function DismissDialog({ onDismiss, onClose }: DismissDialogProps) {
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() !== '') onDismiss(reason.trim());
  };
  return (
    <Dialog onClose={onClose} title="Dismiss this answer?">
      <form onSubmit={submit}>
        <p>The answer will not count as output. The run and its bytes stay unchanged.</p>
        <Textarea
          label="Reason"
          description="Say why it cannot be used, for anyone who reads this later."
          required
          data-autofocus
          maxLength={4000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit" disabled={reason.trim() === ''}>
            Dismiss
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
