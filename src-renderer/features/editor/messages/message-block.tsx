import { ActionIcon, Autocomplete, Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconTrash,
} from '@tabler/icons-react';
import { useId } from 'react';
import { useFormat } from '../../../ui';
import { CodeEditor } from '../code-editor';
import { ContentEditor } from '../content/content-editor';
import { partsOf } from '../content/draft-parts';
import { BLOCK_KINDS, type DraftMessage } from '../draft-messages';
import { useEditor, useEditorStore } from '../draft-store';
import { inWords } from '../text-problem';
import { blockIn, problemAt } from './block-state';
import { KIND_NAMES } from './kind-names';
import { editBlock } from './message-edits';
import classes from './messages.module.css';

interface MessageBlockProps {
  readonly blockKey: string;
  readonly index: number;
  readonly count: number;
  readonly folded: boolean;
  onFold(): void;
  onMove(by: 1 | -1): void;
  onRemove(): void;
}

export function MessageBlock(props: MessageBlockProps) {
  const { blockKey, index, count, folded, onFold, onMove, onRemove } = props;
  const store = useEditorStore();
  const kind = useEditor((state) => blockIn(state, blockKey)?.kind);
  const body = useId();
  if (kind === undefined) return null;
  const number = index + 1;
  const name = `message ${String(number)}`;
  return (
    <section
      className={classes.block}
      data-block={blockKey}
      data-kind={kind}
      aria-label={`Message ${String(number)}`}
    >
      <div className={classes.bar}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-expanded={!folded}
          aria-controls={body}
          aria-label={`${folded ? 'Unfold' : 'Fold'} ${name}`}
          onClick={onFold}
        >
          {folded ? <IconChevronRight size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
        </ActionIcon>
        <NativeSelect
          aria-label={`Role of ${name}`}
          size="xs"
          data={BLOCK_KINDS.map((value) => ({ value, label: KIND_NAMES[value] }))}
          value={kind}
          onChange={({ currentTarget: { value } }) =>
            editBlock(store, blockKey, { kind: BLOCK_KINDS.find((known) => known === value) ?? kind })
          }
        />
        <BlockState blockKey={blockKey} index={index} folded={folded} />
        <span className={classes.actions}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={`Move ${name} up`}
            disabled={index === 0}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={`Move ${name} down`}
            disabled={number === count}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={`Remove ${name}`}
            onClick={onRemove}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </span>
      </div>
      <div id={body} className={classes.body} hidden={folded}>
        {kind === 'placeholder' ? (
          <PlaceholderFields blockKey={blockKey} name={name} />
        ) : (
          <>
            {kind === 'tool' && <CallId blockKey={blockKey} name={name} index={index} />}
            <ContentEditor blockKey={blockKey} name={name} index={index} />
            {kind === 'assistant' && <ToolCalls blockKey={blockKey} name={name} index={index} />}
          </>
        )}
      </div>
    </section>
  );
}

/** What a block says, without its files; JSON that cannot be read as it is. */
function textOf(block: DraftMessage): string {
  const parts = partsOf(block);
  if (parts === null) return block.parts ?? '';
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function useFieldErrors(index: number): string | undefined {
  return useEditor(({ fieldErrors }) => {
    const start = `messages.${String(index)}`;
    const path = Object.keys(fieldErrors).find((known) => known === start || known.startsWith(`${start}.`));
    return path === undefined ? undefined : fieldErrors[path];
  });
}

/** Folded, how the text begins; a problem in any case. */
function BlockState({ blockKey, index, folded }: Pick<MessageBlockProps, 'blockKey' | 'index' | 'folded'>) {
  const format = useFormat();
  const problem = problemAt(
    useEditor((state) => state.textProblem),
    index,
  );
  const error = useFieldErrors(index);
  const length = useEditor((state) => {
    const block = blockIn(state, blockKey);
    return !block || block.kind === 'placeholder' ? null : textOf(block).length;
  });
  const files = useEditor((state) => {
    const block = blockIn(state, blockKey);
    return (block && partsOf(block)?.filter(({ type }) => type !== 'text').length) ?? 0;
  });
  const excerpt = useEditor((state) => {
    const block = folded ? blockIn(state, blockKey) : undefined;
    return block && (block.kind === 'placeholder' ? block.placeholder : textOf(block)).slice(0, 120);
  });
  return (
    <>
      <span className={classes.problem} role="status">
        {problem ? inWords(problem) : error}
      </span>
      {excerpt && <span className={classes.excerpt}>{excerpt}</span>}
      {length !== null && (
        <span className={classes.length}>
          {files > 0 && `${format.plural(files, 'file', 'files')} · `}
          {format.plural(length, 'character', 'characters')}
        </span>
      )}
    </>
  );
}

interface PartProps {
  readonly blockKey: string;
  readonly name: string;
}

function ToolCalls({ blockKey, name, index }: PartProps & { readonly index: number }) {
  const store = useEditorStore();
  const generation = useEditor((state) => state.generation);
  const hasCalls = useEditor((state) => (blockIn(state, blockKey)?.tool_calls ?? '') !== '');
  if (!hasCalls) {
    return (
      <Button
        size="compact-xs"
        variant="subtle"
        className={classes.more}
        aria-label={`Add tool calls to ${name}`}
        onClick={() => editBlock(store, blockKey, { tool_calls: EXAMPLE_CALLS(index) })}
      >
        Add tool calls
      </Button>
    );
  }
  return (
    <div className={classes.json}>
      <span className={classes.caption}>Tool calls</span>
      <CodeEditor
        label={`Tool calls of ${name}`}
        language="json"
        placeholder="Empty means none."
        value={blockIn(store.getState(), blockKey)?.tool_calls ?? ''}
        generation={generation}
        onChange={(tool_calls) => editBlock(store, blockKey, { tool_calls })}
      />
    </div>
  );
}

const EXAMPLE_CALLS = (index: number): string =>
  JSON.stringify([{ id: `call_${String(index + 1)}`, name: 'tool_name', arguments: {} }], null, 2);

const CALL_ID = /"id"\s*:\s*"([^"]+)"/g;

/** The call that a result answers: offered are the calls of the messages before. */
function CallId({ blockKey, name, index }: PartProps & { readonly index: number }) {
  const store = useEditorStore();
  const value = useEditor((state) => blockIn(state, blockKey)?.tool_call_id ?? '');
  const known = useEditor((state) =>
    (state.draft.messages ?? [])
      .slice(0, index)
      .flatMap((block) => [...block.tool_calls.matchAll(CALL_ID)].map(([, id]) => id))
      .join('\n'),
  );
  return (
    <Autocomplete
      className={classes.field}
      size="xs"
      label="Answers the call"
      aria-label={`Call that ${name} answers`}
      placeholder="Id of a call"
      data={[...new Set(known.split('\n').filter(Boolean))]}
      value={value}
      onChange={(tool_call_id) => editBlock(store, blockKey, { tool_call_id })}
    />
  );
}

function PlaceholderFields({ blockKey, name }: PartProps) {
  const store = useEditorStore();
  const placeholder = useEditor((state) => blockIn(state, blockKey)?.placeholder ?? '');
  const optional = useEditor((state) => blockIn(state, blockKey)?.optional ?? false);
  return (
    <div className={classes.fields}>
      <TextInput
        className={classes.field}
        size="xs"
        label="Variable"
        aria-label={`Variable of ${name}`}
        description="A list of messages stands here, such as the conversation so far."
        placeholder="history"
        value={placeholder}
        onChange={({ currentTarget: { value } }) => editBlock(store, blockKey, { placeholder: value })}
      />
      <Switch
        label="Optional"
        aria-label={`${name} is optional`}
        checked={optional}
        onChange={({ currentTarget: { checked } }) => editBlock(store, blockKey, { optional: checked })}
      />
    </div>
  );
}
