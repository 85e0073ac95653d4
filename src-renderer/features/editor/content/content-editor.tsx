import { Button, Menu } from '@mantine/core';
import { IconDots, IconPaperclip } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { ContentPart } from '../../../../src-shared/domain';
import { CodeEditor } from '../code-editor';
import { partsOfText } from '../draft-messages';
import { useEditor, useEditorStore } from '../draft-store';
import { blockIn } from '../messages/block-state';
import { editBlock } from '../messages/message-edits';
import { attachFiles, carriesFiles } from './attach-files';
import { AttachingList } from './attaching-list';
import { contentOf, moved, partsOf, shapeOf } from './draft-parts';
import { PartEditor } from './part-editor';
import { PartialButton } from './partials-dialog';
import classes from './content.module.css';

export interface ContentEditorProps {
  readonly blockKey: string;
  /** As in `message 2`. */
  readonly name: string;
  readonly index: number;
}

/** What a message says: one text, or texts and files in their order. */
export function ContentEditor({ blockKey, name, index }: ContentEditorProps) {
  const store = useEditorStore();
  const shape = useEditor((state) => {
    const block = blockIn(state, blockKey);
    return block ? shapeOf(partsOf(block)) : '';
  });
  const [isJson, setIsJson] = useState(false);
  const [edition, setEdition] = useState(0);
  const [focused, setFocused] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focused === null) return;
    const part = list.current?.querySelector(`[data-part="${focused}"]`);
    (part?.querySelector<HTMLElement>('.cm-content') ?? part?.querySelector('input, button'))?.focus();
    setFocused(null);
  }, [focused]);

  const block = blockIn(store.getState(), blockKey);
  if (!block) return null;
  const parts = partsOf(block);
  const set = (next: readonly ContentPart[]): void => editBlock(store, blockKey, contentOf(next));
  const latest = (): readonly ContentPart[] => {
    const now = blockIn(store.getState(), blockKey);
    return (now && partsOf(now)) ?? [];
  };
  /** After a change of their order, each text's editor is made anew, with the text that now stands there. */
  const reorder = (next: readonly ContentPart[], focus: number): void => {
    set(next);
    setEdition((count) => count + 1);
    setFocused(Math.max(0, Math.min(focus, next.length - 1)));
  };
  if (isJson || parts === null) {
    return (
      <JsonContent
        blockKey={blockKey}
        name={name}
        onDone={() => setIsJson(false)}
        isReadable={shape !== 'json'}
      />
    );
  }
  return (
    <div className={classes.content} ref={list}>
      {parts.map((part, at) => (
        <PartEditor
          // A list of parts has no ids of its own: the edition tells one order from another.
          key={`${edition} ${part.type === 'text' ? `text ${textsBefore(parts, at)}` : shapeOf([part])}`}
          part={part}
          at={at}
          count={parts.length}
          message={index}
          label={labelOf(parts, at, name)}
          onChange={(next) => set(latest().with(at, next))}
          onMove={(by) => reorder(moved(latest(), at, by), at + by)}
          onRemove={() => reorder(latest().toSpliced(at, 1), at)}
        />
      ))}
      <AttachingList blockKey={blockKey} />
      <Actions
        blockKey={blockKey}
        name={name}
        onAdd={(part) => {
          const next = [...latest(), part];
          set(next);
          setFocused(next.length - 1);
        }}
        onJson={() => setIsJson(true)}
      />
    </div>
  );
}

function textsBefore(parts: readonly ContentPart[], at: number): number {
  return parts.slice(0, at).filter(({ type }) => type === 'text').length;
}

/** The first text is the message's; others are counted. */
function labelOf(parts: readonly ContentPart[], at: number, name: string): string {
  if (parts[at]?.type !== 'text') return name;
  const before = textsBefore(parts, at);
  return before === 0 ? `Text of ${name}` : `Text ${before + 1} of ${name}`;
}

interface ActionsProps {
  readonly blockKey: string;
  readonly name: string;
  onAdd(part: ContentPart): void;
  onJson(): void;
}

function Actions({ blockKey, name, onAdd, onJson }: ActionsProps) {
  const store = useEditorStore();
  const kind = useEditor((state) => blockIn(state, blockKey)?.kind ?? 'user');
  const input = useRef<HTMLInputElement>(null);
  const takesFiles = carriesFiles(kind);
  const choose = async (files: FileList | null): Promise<void> => {
    if (files) await attachFiles(store, [...files], { block: blockKey });
    if (input.current) input.current.value = '';
  };
  return (
    <div className={classes.actions}>
      {takesFiles && (
        <>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            aria-label={`Files for ${name}`}
            onChange={(event) => void choose(event.currentTarget.files)}
          />
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPaperclip size={13} aria-hidden />}
            aria-label={`Attach to ${name}`}
            data-attach
            onClick={() => input.current?.click()}
          >
            Attach
          </Button>
        </>
      )}
      <PartialButton label={`Insert a partial into ${name}`} />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`More for ${name}`}
            leftSection={<IconDots size={13} aria-hidden />}
          >
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onAdd({ type: 'text', text: '' })}>Another text</Menu.Item>
          {takesFiles && (
            <>
              <Menu.Item onClick={() => onAdd({ type: 'image', variable: '' })}>
                Image of a variable
              </Menu.Item>
              <Menu.Item onClick={() => onAdd({ type: 'file', variable: '' })}>File of a variable</Menu.Item>
            </>
          )}
          <Menu.Item onClick={onJson}>Edit as JSON</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

interface JsonContentProps {
  readonly blockKey: string;
  readonly name: string;
  /** False for JSON that cannot be shown as parts. */
  readonly isReadable: boolean;
  onDone(): void;
}

function JsonContent({ blockKey, name, isReadable, onDone }: JsonContentProps) {
  const store = useEditorStore();
  const generation = useEditor((state) => state.generation);
  const block = blockIn(store.getState(), blockKey);
  return (
    <div className={classes.content}>
      <CodeEditor
        label={`Parts of ${name}`}
        language="json"
        placeholder={'[{ "type": "text", "text": "…" }]'}
        value={block?.parts ?? partsOfText(block?.text ?? '')}
        generation={generation}
        onChange={(parts) => editBlock(store, blockKey, { parts })}
      />
      <div className={classes.actions}>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`Show the parts of ${name}`}
          disabled={!isReadable}
          title={isReadable ? undefined : 'This JSON is no list of texts, images and files.'}
          onClick={onDone}
        >
          Show parts
        </Button>
      </div>
    </div>
  );
}
