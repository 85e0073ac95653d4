import { CloseButton, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { labelSchema, type TemplateSummary } from '../../../src-shared/domain';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { Dialog, DialogForm, FailureView } from '../../ui';
import classes from './templates.module.css';

interface LabelDialogProps {
  readonly template: Pick<TemplateSummary, 'template_id' | 'name'>;
  onClose(): void;
}

/** Shows, moves and removes the labels that point to a template. */
export function LabelDialog({ template: { template_id, name }, onClose }: LabelDialogProps) {
  const [text, setText] = useState('');
  const labels = useQuery(orpc.templates.labels.queryOptions({ input: { template_id } }));
  const onSuccess = (): void => {
    setText('');
    void labels.refetch();
  };
  const move = useMutation({
    mutationFn: (label: string) => api.templates.setLabel({ template_id, label }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (label: string) => api.templates.removeLabel({ template_id, label }),
    onSuccess,
  });
  const checked = labelSchema.safeParse(text);
  const problem = text === '' || checked.success ? undefined : checked.error.issues[0]?.message;
  const failed = move.error ?? remove.error;
  return (
    <Dialog onClose={onClose} title={`Labels of ${name}`}>
      <ul className={classes.labels} aria-label="Labels">
        {labels.data?.items.map(({ label }) => (
          <li key={label} className={classes.label}>
            {label}
            <CloseButton
              size={24}
              iconSize={12}
              aria-label={`Remove ${label}`}
              disabled={remove.isPending}
              onClick={() => remove.mutate(label)}
            />
          </li>
        ))}
        {labels.data?.items.length === 0 && <li className={classes.note}>No label points here.</li>}
      </ul>
      <DialogForm
        cancel="Close"
        submit="Move here"
        isBusy={move.isPending}
        disabled={!checked.success}
        onSubmit={() => checked.success && move.mutate(checked.data)}
        onClose={onClose}
      >
        <TextInput
          label="Move a label here"
          description="A label points to one template per workspace. If it points elsewhere, it moves here."
          placeholder="production"
          data-autofocus
          autoComplete="off"
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {failed && (
          <FailureView inline {...changeFailure(failureOf(failed), 'The labels were not changed')} />
        )}
        {labels.isError && (
          <FailureView inline title="The labels could not be loaded" {...failureOf(labels.error)} />
        )}
      </DialogForm>
    </Dialog>
  );
}
