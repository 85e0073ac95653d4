import { ActionIcon, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconFileText, IconPhoto, IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { AssetPart, ContentPart, TextPart, VariablePart } from '../../../../src-shared/domain';
import { Attachment } from '../../messages';
import { CodeEditor } from '../code-editor';
import { useEditor } from '../draft-store';
import { problemAt } from '../messages/block-state';
import { KIND_HINTS } from '../messages/kind-names';
import { useAskedModel } from './asked-model';
import { isAsset } from './draft-parts';
import classes from './content.module.css';

interface PartEditorProps {
  readonly part: ContentPart;
  readonly at: number;
  readonly count: number;
  /** The message's index. */
  readonly message: number;
  readonly label: string;
  onChange(part: ContentPart): void;
  onMove(by: 1 | -1): void;
  onRemove(): void;
}

function StoredFile(props: { readonly part: AssetPart; readonly label: string }) {
  return <Attachment {...props} asked={useAskedModel()} />;
}

/** One part of a message. Alone, a text has nothing around it. */
export function PartEditor(props: PartEditorProps) {
  const { part, at, count, message, label, onMove, onRemove } = props;
  const title = titleOf(part, at, message);
  if (count === 1 && part.type === 'text') {
    return (
      <div data-part={at} className={classes.text}>
        <Text {...props} part={part} />
      </div>
    );
  }
  // On the part itself, not inside a text that is being typed.
  const onKeyDown = (event: KeyboardEvent): void => {
    const isTyped = event.target instanceof Element && event.target.closest('.cm-content, input') !== null;
    if (isTyped || event.ctrlKey || event.metaKey) return;
    if (!event.altKey && (event.key === 'Delete' || event.key === 'Backspace')) onRemove();
    else if (event.altKey && event.key === 'ArrowUp') onMove(-1);
    else if (event.altKey && event.key === 'ArrowDown') onMove(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className={classes.part}
      data-part={at}
      data-type={part.type}
      role="group"
      aria-label={title}
      onKeyDown={onKeyDown}
    >
      <div className={classes.partContent}>
        {part.type === 'text' ? (
          <Text {...props} part={part} />
        ) : isAsset(part) ? (
          <StoredFile part={part} label={label} />
        ) : (
          <Variable {...props} part={part} />
        )}
      </div>
      <span className={classes.partActions}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-label={`Move ${title} up`}
          disabled={at === 0}
          onClick={() => onMove(-1)}
        >
          <IconArrowUp size={14} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-label={`Move ${title} down`}
          disabled={at === count - 1}
          onClick={() => onMove(1)}
        >
          <IconArrowDown size={14} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Remove ${title}`} onClick={onRemove}>
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      </span>
    </div>
  );
}

function titleOf(part: ContentPart, at: number, message: number): string {
  const what =
    part.type === 'text'
      ? 'text'
      : isAsset(part)
        ? `${part.type} ${part.name ?? part.asset_sha256.slice(0, 8)}`
        : `${part.type} of a variable`;
  return `${what}, part ${at + 1} of message ${message + 1}`;
}

function Text({ part, at, count, message, label, onChange }: PartEditorProps & { readonly part: TextPart }) {
  const generation = useEditor((state) => state.generation);
  const kind = useEditor((state) => state.draft.messages?.[message]?.kind ?? 'user');
  const problem = problemAt(
    useEditor((state) => state.textProblem),
    message,
    count === 1 ? undefined : at,
  );
  return (
    <CodeEditor
      label={label}
      language="liquid"
      placeholder={KIND_HINTS[kind]}
      value={part.text}
      generation={generation}
      problem={problem}
      onChange={(text) => onChange({ type: 'text', text })}
    />
  );
}

function Variable({ part, at, label, onChange }: PartEditorProps & { readonly part: VariablePart }) {
  const Icon = part.type === 'image' ? IconPhoto : IconFileText;
  return (
    <>
      <Icon size={18} aria-hidden />
      <TextInput
        size="xs"
        label={part.type === 'image' ? 'Image of the variable' : 'File of the variable'}
        aria-label={`Variable of part ${at + 1} of ${label}`}
        placeholder={part.type === 'image' ? 'photo' : 'document'}
        value={part.variable}
        onChange={({ currentTarget: { value } }) => onChange({ type: part.type, variable: value })}
      />
    </>
  );
}
