import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '../../ui';

interface DismissDialogProps {
  onDismiss(reason: string): void;
  onClose(): void;
}

export function DismissDialog({ onDismiss, onClose }: DismissDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title="Dismiss this answer?"
      submit="Dismiss"
      disabled={reason.trim() === ''}
      onSubmit={() => onDismiss(reason.trim())}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
