import {
  blocksOfTexts,
  kindAfter,
  newBlock,
  textsOfBlocks,
  type BlockKind,
  type DraftMessage,
} from '../draft-messages';
import { allowUndo, setField, type EditorStore } from '../draft-store';

/** The blocks, of two texts those that say the same. */
export function blocksOf(store: EditorStore): readonly DraftMessage[] {
  const { draft } = store.getState();
  return draft.messages ?? blocksOfTexts(draft);
}

export function setBlocks(store: EditorStore, messages: DraftMessage[]): void {
  if (store.getState().draft.messages === null) {
    // One form or the other: the texts are in the blocks now.
    setField(store, 'system_instructions', '');
    setField(store, 'user_prompt_template', '');
  }
  setField(store, 'messages', messages);
}

export function editBlock(store: EditorStore, key: string, fields: Partial<DraftMessage>): void {
  setBlocks(
    store,
    blocksOf(store).map((block) => (block.key === key ? { ...block, ...fields } : block)),
  );
}

/** Adds a block after another, or at the end. Returns its key. */
export function addBlock(store: EditorStore, after: string | null, kind?: BlockKind): string {
  const blocks = blocksOf(store);
  const at = after === null ? -1 : blocks.findIndex(({ key }) => key === after);
  const place = at < 0 ? blocks.length : at + 1;
  const block = newBlock(kind ?? kindAfter(blocks.slice(0, place)));
  setBlocks(store, blocks.toSpliced(place, 0, block));
  return block.key;
}

/** Moves focus into a block, once it is there. */
export function focusBlock(store: EditorStore, key: string): void {
  store.setState({ focusedBlock: { key } });
}

/** Moves a block by one; at the end of the list nothing happens. */
export function moveBlock(store: EditorStore, key: string, by: 1 | -1): void {
  const blocks = blocksOf(store);
  const from = blocks.findIndex((block) => block.key === key);
  const block = blocks[from];
  const to = from + by;
  if (!block || to < 0 || to >= blocks.length) return;
  setBlocks(store, blocks.toSpliced(from, 1).toSpliced(to, 0, block));
}

/** Removes a block; "Restore draft" brings it back until something else is edited. Returns the key of its neighbour. */
export function removeBlock(store: EditorStore, key: string): string | null {
  const { draft: before } = store.getState();
  const blocks = blocksOf(store);
  const at = blocks.findIndex((block) => block.key === key);
  if (at < 0) return null;
  const rest = blocks.toSpliced(at, 1);
  setBlocks(store, rest);
  allowUndo(store, before);
  return (rest[at] ?? rest[at - 1])?.key ?? null;
}

/** Back to two texts, where they say it all. */
export function backToTexts(store: EditorStore): void {
  const { messages } = store.getState().draft;
  const texts = messages === null ? null : textsOfBlocks(messages);
  if (texts === null) return;
  setField(store, 'messages', null);
  setField(store, 'system_instructions', texts.system_instructions);
  setField(store, 'user_prompt_template', texts.user_prompt_template);
}
