import { CloseButton, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { labelSchema } from '../../../src-shared/domain';
import { preferences } from '../../preferences';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { Dialog, DialogForm, FailureView } from '../../ui';
import { LabelMoves } from './label-moves';
import { LabelRequests } from './label-requests';
import classes from './templates.module.css';

interface LabelDialogProps {
  readonly template: { readonly template_id: string; readonly prompt_id: string; readonly name: string };
  onClose(): void;
}

interface Change {
  readonly label: string;
  readonly remove: boolean;
}

/** Shows, moves and removes the labels that point to a version, requests moves that need approval, and their history. */
export function LabelDialog({ template: { template_id, prompt_id, name }, onClose }: LabelDialogProps) {
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const person = preferences((state) => state.personName);
  const labels = useQuery(orpc.templates.labels.queryOptions({ input: { template_id } }));
  const prompt = useQuery(orpc.prompts.get.queryOptions({ input: { prompt_id } }));
  const rules = useQuery(orpc.prompts.labelRules.queryOptions());
  const guarded = rules.data?.items.find(({ workspace_id }) => workspace_id === prompt.data?.workspace_id);
  const needsApproval = (label: string): boolean => guarded?.labels.includes(label) ?? false;
  const moved_by = person.trim() || null;

  const change = useMutation({
    mutationFn: async ({ label, remove }: Change) => {
      if (needsApproval(label)) {
        const requested_by = person.trim();
        return api.prompts.requestLabel({ template_id, label, remove, note: note || null, requested_by });
      }
      const input = { template_id, label, moved_by };
      return remove ? api.templates.removeLabel(input) : api.templates.setLabel(input);
    },
    onSuccess: () => {
      setText('');
      setNote('');
    },
  });
  const checked = labelSchema.safeParse(text);
  const problem = text === '' || checked.success ? undefined : checked.error.issues[0]?.message;
  const requests = checked.success && needsApproval(checked.data);
  const nameMissing = person.trim() === '';
  return (
    <Dialog onClose={onClose} title={`Labels of ${name}`} size="lg">
      <ul className={classes.labels} aria-label="Labels">
        {labels.data?.items.map(({ label }) => (
          <li key={label} className={classes.label}>
            {label}
            <CloseButton
              size={24}
              iconSize={12}
              aria-label={`${needsApproval(label) ? 'Request removal of' : 'Remove'} ${label}`}
              disabled={change.isPending || (needsApproval(label) && nameMissing)}
              onClick={() => change.mutate({ label, remove: true })}
            />
          </li>
        ))}
        {labels.data?.items.length === 0 && <li className={classes.note}>No label points here.</li>}
      </ul>
      <DialogForm
        cancel="Close"
        submit={requests ? 'Request' : 'Move here'}
        isBusy={change.isPending}
        disabled={!checked.success || (requests && nameMissing)}
        onSubmit={() => checked.success && change.mutate({ label: checked.data, remove: false })}
        onClose={onClose}
      >
        <TextInput
          label="Move a label here"
          description="A label points to one version of a prompt. If it points elsewhere, it moves here."
          placeholder="production"
          data-autofocus
          autoComplete="off"
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          mt="sm"
          label="Your name"
          description={
            requests ? 'Needed: somebody else has to approve this move.' : 'Kept in the history of the label.'
          }
          autoComplete="off"
          maxLength={200}
          value={person}
          onChange={(event) => preferences.setState({ personName: event.currentTarget.value })}
        />
        {requests && (
          <Textarea
            mt="sm"
            label="Note for whoever approves"
            autosize
            minRows={2}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        )}
        {change.error && (
          <FailureView inline {...changeFailure(failureOf(change.error), 'The labels were not changed')} />
        )}
        {labels.isError && (
          <FailureView inline title="The labels could not be loaded" {...failureOf(labels.error)} />
        )}
      </DialogForm>
      <LabelRequests promptId={prompt_id} person={person.trim()} />
      <LabelMoves promptId={prompt_id} />
    </Dialog>
  );
}
