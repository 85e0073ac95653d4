import { useQuery } from '@tanstack/react-query';
import { create } from 'zustand';
import { failureOf, orpc } from '../../rpc';
import { Dialog, FailureView, Note, Waiting, WordDiff } from '../../ui';
import { draftOf, type Draft, type DraftField } from './draft';
import { diffIdOf, useEditor } from './draft-store';
import classes from './editor.module.css';

export const modalDiff = create<{ readonly open: boolean }>()(() => ({ open: false }));

const FIELDS: readonly (readonly [DraftField, string])[] = [
  ['system_instructions', 'System'],
  ['user_prompt_template', 'User'],
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
  const otherId = useEditor(diffIdOf);
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
      title={query.data ? `Diff against ${query.data.name}` : 'Diff'}
      size={860}
    >
      {query.isError ? (
        <FailureView
          inline
          title="The base version could not be loaded"
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

function Changes({ before }: { readonly before: Draft }) {
  const duplicate = useEditor((state) => state.duplicate.kind === 'exact');
  const after = useEditor((state) => state.draft);
  const changed = FIELDS.filter(([field]) => before[field] !== after[field]);
  if (changed.length === 0) return <Note>No differences.</Note>;
  return (
    <div className={classes.changes}>
      {duplicate && <Note>The configuration is identical. Only these details differ:</Note>}
      {changed.map(([field, title]) => (
        <section key={field}>
          <h3>{title}</h3>
          <div className={classes.change}>
            <WordDiff before={String(before[field])} after={String(after[field])} reference="it" showBoth />
          </div>
        </section>
      ))}
    </div>
  );
}
