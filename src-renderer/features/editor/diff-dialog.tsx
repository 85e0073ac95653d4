import { useQuery } from '@tanstack/react-query';
import { create } from 'zustand';
import { templateTitle } from '../../../src-shared/domain';
import { failureOf, orpc } from '../../rpc';
import { Dialog, FailureView, Note, Waiting, WordDiff } from '../../ui';
import { draftOf, type Draft, type DraftField } from './draft';
import { blocksOfTexts, type DraftMessage } from './draft-messages';
import { diffIdOf, useEditor } from './draft-store';
import classes from './editor.module.css';

interface ModalDiff {
  readonly open: boolean;
  /** What to compare with; null for the draft's own reference. */
  readonly against: string | null;
}
export const modalDiff = create<ModalDiff>()(() => ({ open: false, against: null }));

/** Opens the dialog against the open document's reference, or against this template. */
export function showDiffAgainst(templateId: string | null): void {
  modalDiff.setState({ open: true, against: templateId });
}

/** A field as text: of messages and tools, what a person wrote. */
function textOf(draft: Draft, field: DraftField): string {
  switch (field) {
    case 'messages':
      return draft.messages === null ? '' : draft.messages.map(blockText).join('\n\n');
    case 'tools':
      return draft.tools
        .map(({ name, description, parameters }) =>
          [name, description, parameters].filter(Boolean).join('\n'),
        )
        .join('\n\n');
    default:
      return String(draft[field]);
  }
}

function blockText({
  kind,
  text,
  parts,
  tool_calls,
  tool_call_id,
  placeholder,
  optional,
}: DraftMessage): string {
  if (kind === 'placeholder') return `placeholder ${placeholder}${optional ? ' (optional)' : ''}`;
  return [kind, kind === 'tool' && tool_call_id, parts ?? text, kind === 'assistant' && tool_calls]
    .filter(Boolean)
    .join('\n');
}

const FIELDS: readonly (readonly [DraftField, string])[] = [
  ['system_instructions', 'System'],
  ['user_prompt_template', 'User'],
  ['messages', 'Messages'],
  ['tools', 'Tools'],
  ['tool_choice', 'Tool choice'],
  ['provider', 'Provider'],
  ['model_id', 'Model'],
  ['inference_params', 'Inference parameters'],
  ['response_schema', 'Response schema'],
  ['grounding_mode', 'Grounding'],
  ['country_set', 'Countries'],
  ['model_version_constraint', 'Model version pin'],
  ['name', 'Name'],
  ['description', 'Description'],
  ['version_label', 'Version label'],
];

/** A word diff of the open draft or version against its reference (`diffIdOf`). */
export function DiffDialog() {
  const open = modalDiff((state) => state.open);
  const against = modalDiff((state) => state.against);
  const reference = useEditor(diffIdOf);
  const otherId = against ?? reference;
  const query = useQuery(
    orpc.templates.get.queryOptions({
      input: { template_id: otherId ?? '' },
      enabled: open && otherId !== undefined,
      placeholderData: undefined,
    }),
  );
  return (
    <Dialog
      opened={open}
      onClose={() => modalDiff.setState({ open: false })}
      title={query.data ? `Diff against ${templateTitle(query.data)}` : 'Diff'}
      size={860}
    >
      {query.isError ? (
        <FailureView
          inline
          title="The version to compare with could not be loaded"
          {...failureOf(query.error)}
          safe="Your draft is kept."
          onRetry={() => void query.refetch()}
        />
      ) : query.data ? (
        <Changes before={draftOf(query.data)} />
      ) : (
        <Waiting />
      )}
    </Dialog>
  );
}

/** With its two texts as the messages that they are, to be compared with messages. */
function asMessages(draft: Draft): Draft {
  return draft.messages === null
    ? { ...draft, system_instructions: '', user_prompt_template: '', messages: blocksOfTexts(draft) }
    : draft;
}

function Changes({ before: asked }: { readonly before: Draft }) {
  const duplicate = useEditor((state) => state.duplicate.kind === 'exact');
  const typed = useEditor((state) => state.draft);
  const areTexts = asked.messages === null && typed.messages === null;
  const [before, after] = areTexts ? [asked, typed] : [asMessages(asked), asMessages(typed)];
  const changed = FIELDS.filter(([field]) => textOf(before, field) !== textOf(after, field));
  if (changed.length === 0) return <Note>No differences.</Note>;
  return (
    <div className={classes.changes}>
      {duplicate && <Note>The configuration is identical. Only these details differ:</Note>}
      {changed.map(([field, title]) => (
        <section key={field}>
          <h3>{title}</h3>
          <div className={classes.change}>
            <WordDiff before={textOf(before, field)} after={textOf(after, field)} reference="it" showBoth />
          </div>
        </section>
      ))}
    </div>
  );
}
