import { Button, Menu } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { CommandButton, useCommands } from '../../../commands';
import { BLOCK_KINDS, textsOfBlocks, type BlockKind } from '../draft-messages';
import { useEditor, useEditorStore } from '../draft-store';
import { KIND_NAMES } from './kind-names';
import { MessageBlock } from './message-block';
import { addBlock, backToTexts, focusBlock, moveBlock, removeBlock } from './message-edits';
import classes from './messages.module.css';

/** The conversation as blocks. Lists keys alone, so that typing re-renders no block but its own. */
export function MessageBlocks() {
  const keys = useEditor((state) => state.draft.messages?.map(({ key }) => key).join(' ') ?? '');
  const generation = useEditor((state) => state.generation);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const { move, remove } = useBlockCommands(list, (key) =>
    setFolded((known) => (known.has(key) ? without(known, key) : new Set([...known, key]))),
  );
  return (
    <div className={classes.blocks} ref={list}>
      {keys
        .split(' ')
        .filter(Boolean)
        .map((key, index, all) => (
          <MessageBlock
            key={`${key} ${String(generation)}`}
            blockKey={key}
            index={index}
            count={all.length}
            folded={folded.has(key)}
            onFold={() =>
              setFolded((known) => (known.has(key) ? without(known, key) : new Set([...known, key])))
            }
            onMove={(by) => move(key, by)}
            onRemove={() => remove(key)}
          />
        ))}
      <AddBar />
    </div>
  );
}

function without(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  return new Set([...keys].filter((known) => known !== key));
}

/** The commands act on the block that has focus, else on the last one. Focus stays with it. */
function useBlockCommands(list: { readonly current: HTMLDivElement | null }, fold: (key: string) => void) {
  const store = useEditorStore();
  const count = useEditor((state) => state.draft.messages?.length ?? 0);
  const isTexts = useEditor(
    (state) => state.draft.messages !== null && textsOfBlocks(state.draft.messages) !== null,
  );
  const focused = useEditor((state) => state.focusedBlock);

  useEffect(() => {
    if (focused === null) return;
    const block = list.current?.querySelector(`[data-block="${focused.key}"]`);
    const field = block?.querySelector<HTMLElement>('.cm-content, input') ?? block?.querySelector('button');
    field?.focus();
    store.setState({ focusedBlock: null });
  }, [focused, list, store]);

  const focus = (key: string): void => focusBlock(store, key);
  const current = (): string | null => {
    const block = document.activeElement?.closest('[data-block]');
    return block?.getAttribute('data-block') ?? store.getState().draft.messages?.at(-1)?.key ?? null;
  };
  const move = (key: string, by: 1 | -1): void => {
    moveBlock(store, key, by);
    focus(key);
  };
  const remove = (key: string): void => {
    const next = removeBlock(store, key);
    if (next !== null) focus(next);
  };
  const withCurrent = (act: (key: string) => void) => (): void => {
    const key = current();
    if (key !== null) act(key);
  };
  const none = count === 0 ? 'There is no message.' : undefined;
  useCommands({
    'message.add': () => focus(addBlock(store, current())),
    'message.up': { run: withCurrent((key) => move(key, -1)), disabled: none },
    'message.down': { run: withCurrent((key) => move(key, 1)), disabled: none },
    'message.fold': { run: withCurrent(fold), disabled: none },
    'message.remove': { run: withCurrent(remove), disabled: none },
    'message.texts': {
      run: () => backToTexts(store),
      disabled: isTexts ? undefined : 'Two texts cannot say all of these messages.',
    },
  });
  return { move, remove };
}

/** Adds a message of any kind at the end; of two texts it makes blocks. */
export function AddBar() {
  const store = useEditorStore();
  const isBlocks = useEditor((state) => state.draft.messages !== null);
  const isTexts = useEditor(
    (state) => state.draft.messages !== null && textsOfBlocks(state.draft.messages) !== null,
  );
  const add = (kind: BlockKind): void => focusBlock(store, addBlock(store, null, kind));
  return (
    <div className={classes.addBar}>
      <Menu position="top-start">
        <Menu.Target>
          <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} aria-hidden />}>
            Add message
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {BLOCK_KINDS.map((kind) => (
            <Menu.Item key={kind} onClick={() => add(kind)}>
              {KIND_NAMES[kind]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {!isBlocks && (
        <>
          <CommandButton id="message.attach" size="compact-xs" variant="subtle">
            Attach
          </CommandButton>
          <CommandButton id="message.partial" size="compact-xs" variant="subtle">
            Partial
          </CommandButton>
        </>
      )}
      {isBlocks && isTexts && (
        <CommandButton id="message.texts" size="compact-xs" variant="subtle">
          Back to two texts
        </CommandButton>
      )}
    </div>
  );
}
