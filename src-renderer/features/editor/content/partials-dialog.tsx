import { Button, Textarea, TextInput } from '@mantine/core';
import { IconBlockquote } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import type { PromptPartial } from '../../../../src-shared/domain';
import { showNotice } from '../../../commands';
import { api, failureOf, orpc } from '../../../rpc';
import { Dialog, FailureView, Note } from '../../../ui';
import { insertAtCursor } from '../code-editor';
import { useEditor } from '../draft-store';
import classes from './content.module.css';

const LISTED = 200;

/** Whether the partials are shown. */
const shown = create<{ readonly isOpen: boolean }>()(() => ({ isOpen: false }));

export function openPartials(): void {
  shown.setState({ isOpen: true });
}

export function PartialButton({ label }: { readonly label: string }) {
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      leftSection={<IconBlockquote size={13} aria-hidden />}
      aria-label={label}
      onClick={openPartials}
    >
      Partial
    </Button>
  );
}

/** Texts that many prompts use by name: inserted where the cursor was last, and written here. */
export function PartialsDialog() {
  const isOpen = shown((state) => state.isOpen);
  return isOpen && <OpenDialog onClose={() => shown.setState({ isOpen: false })} />;
}

function OpenDialog({ onClose }: { onClose(): void }) {
  const workspace_id = useEditor((state) => state.draft.workspace_id);
  const [filter, setFilter] = useState('');
  const [edited, setEdited] = useState<PromptPartial | null>(null);
  // Counted, since the same one can be taken up again.
  const [edits, setEdits] = useState(0);
  const query = useQuery(orpc.partials.list.queryOptions({ input: { workspace_id, limit: LISTED } }));
  const words = filter.toLowerCase().split(/\s+/);
  const items = query.data?.items ?? [];
  const found = items.filter(({ name, text }) =>
    words.every((word) => `${name} ${text}`.toLowerCase().includes(word)),
  );
  const insert = ({ name }: PromptPartial): void => {
    onClose();
    if (!insertAtCursor(`{% render "${name}" %}`))
      showNotice('Click into the text that the partial belongs in, then insert it.');
  };
  const edit = (partial: PromptPartial): void => {
    setEdited(partial);
    setEdits(edits + 1);
  };
  return (
    <Dialog title="Partials" size="lg" onClose={onClose}>
      <Note>
        A partial is inserted by its name, as {'{% render "name" %}'}. A version keeps the text that it was
        frozen with.
      </Note>
      <TextInput
        data-autofocus
        aria-label="Search partials"
        placeholder="Search partials"
        value={filter}
        onChange={({ currentTarget: { value } }) => setFilter(value)}
      />
      {query.isError && <FailureView inline title="Partials are not listed" {...failureOf(query.error)} />}
      <ul className={classes.partials}>
        {found.map((partial) => (
          <li key={partial.partial_id}>
            <span className={classes.partialName}>{partial.name}</span>
            <pre
              className={classes.partialText}
              tabIndex={0}
              role="region"
              aria-label={`Text of ${partial.name}`}
            >
              {partial.text}
            </pre>
            <Button size="compact-xs" aria-label={`Insert ${partial.name}`} onClick={() => insert(partial)}>
              Insert
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Edit ${partial.name}`}
              onClick={() => edit(partial)}
            >
              Edit
            </Button>
          </li>
        ))}
      </ul>
      {query.isSuccess && found.length === 0 && (
        <Note>{filter === '' ? 'No partial yet. Write one below.' : 'No partial matches.'}</Note>
      )}
      {query.data?.next_cursor && <Note>Only the newest {LISTED} are listed.</Note>}
      <PartialForm key={edits} workspaceId={workspace_id} known={items} edited={edited} />
    </Dialog>
  );
}

/** Gives a name a text: a new partial, or a newer text of one. */
interface PartialFormProps {
  readonly workspaceId: string;
  readonly known: readonly PromptPartial[];
  /** Whose text is taken up; null for a new partial. */
  readonly edited: PromptPartial | null;
}

function PartialForm({ workspaceId, known, edited }: PartialFormProps) {
  const [name, setName] = useState(edited?.name ?? '');
  const [text, setText] = useState(edited?.text ?? '');
  const nameField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (edited !== null) textField.current?.focus();
  }, [edited]);
  const replaced = known.find((partial) => partial.name === name.trim());
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.partials.put({ workspace_id: workspaceId, name: name.trim(), text }),
    onSuccess: async (saved) => {
      showNotice(`Partial ${saved.name} saved.`);
      setName('');
      setText('');
      // The button is about to be disabled, and would drop the focus out of the dialog.
      nameField.current?.focus();
      await queries.invalidateQueries({ queryKey: orpc.partials.key() });
      // A draft is rendered with the newest text.
      await queries.invalidateQueries({ queryKey: orpc.templates.render.key() });
    },
  });
  const failure = save.isError ? failureOf(save.error) : null;
  const at = (path: string): string | undefined =>
    failure?.fields.find((field) => field.path === path)?.message;
  return (
    <form
      className={classes.newPartial}
      aria-label="New text of a partial"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput
        ref={nameField}
        label="Name"
        description={
          replaced &&
          'A partial has this name. Saving replaces its text; frozen versions keep the text that they have.'
        }
        placeholder="tone"
        value={name}
        error={at('name')}
        onChange={({ currentTarget: { value } }) => setName(value)}
      />
      <Textarea
        ref={textField}
        label="Text"
        autosize
        minRows={3}
        maxRows={10}
        value={text}
        error={at('text') ?? (failure?.fields.length === 0 ? failure.message : undefined)}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      <Button type="submit" size="xs" disabled={name.trim() === '' || text === ''} loading={save.isPending}>
        {replaced ? 'Replace text' : 'Save partial'}
      </Button>
    </form>
  );
}
