import { create } from 'zustand';
import {
  ASSET_MEDIA_TYPES,
  MAX_ASSET_BYTES,
  mediaTypeOfName,
  partTypeOf,
  type AssetPart,
} from '../../../../src-shared/domain';
import { showNotice } from '../../../commands';
import { api, failureOf } from '../../../rpc';
import type { BlockKind, DraftMessage } from '../draft-messages';
import type { EditorStore } from '../draft-store';
import { addBlock, blocksOf, editBlock, setBlocks } from '../messages/message-edits';
import { contentOf, partsOf } from './draft-parts';

/** Who can say more than text: all four protocols take files from a user, and two of them from a tool. */
export function carriesFiles(kind: BlockKind): boolean {
  return kind === 'user' || kind === 'tool';
}

/** A file on its way into a block, or why it did not get there. */
export interface Attaching {
  readonly id: string;
  readonly block: string;
  readonly name: string;
  /** Null while it is being stored. */
  readonly problem: string | null;
}

/** Files that are being attached, and those that could not be, until they are dismissed. */
export const attaching = create<{ readonly items: readonly Attaching[] }>()(() => ({ items: [] }));

export function dismissAttaching(id: string): void {
  attaching.setState(({ items }) => ({ items: items.filter((item) => item.id !== id) }));
}

interface Place {
  /** A block; the last one that carries files where it is left out. */
  readonly block?: string | undefined;
  /** The part after which the files go; at the end where it is left out. */
  readonly after?: number | undefined;
}

/** Stores files and adds them to a block, in their order. Each says what keeps it out. */
export async function attachFiles(
  store: EditorStore,
  files: readonly File[],
  place: Place = {},
): Promise<void> {
  const block = blockFor(store, place.block);
  if (block === null) return;
  let after = place.after;
  for (const file of files) {
    const id = crypto.randomUUID();
    const show = (problem: string | null): void =>
      attaching.setState(({ items }) => ({
        items: [...items.filter((item) => item.id !== id), { id, block, name: file.name, problem }],
      }));
    show(null);
    const result = await storedPart(file);
    if (typeof result === 'string') {
      show(result);
      continue;
    }
    dismissAttaching(id);
    addPart(store, block, result, after);
    if (after !== undefined) after += 1;
  }
}

/** The block that takes the files; two texts become blocks for it. */
function blockFor(store: EditorStore, asked: string | undefined): string | null {
  const blocks = blocksOf(store);
  if (store.getState().draft.messages === null) setBlocks(store, [...blocks]);
  const named = blocks.find(({ key }) => key === asked);
  if (named && !carriesFiles(named.kind)) {
    showNotice('Only a user’s message or a tool’s result carries images and files.');
    return null;
  }
  return named?.key ?? blocks.findLast(({ kind }) => kind === 'user')?.key ?? addBlock(store, null, 'user');
}

function addPart(store: EditorStore, key: string, part: AssetPart, after: number | undefined): void {
  const block: DraftMessage | undefined = blocksOf(store).find((each) => each.key === key);
  const parts = block && partsOf(block);
  if (!parts) {
    showNotice(`${part.name ?? 'The file'} is stored, but its message is gone or its JSON cannot be read.`);
    return;
  }
  const at = after === undefined ? parts.length : after + 1;
  // A text that says nothing stays: it is where the question goes.
  editBlock(store, key, contentOf(parts.toSpliced(at, 0, part)));
}

/** The stored file as a part, or why it cannot be one. */
export async function storedPart(file: File): Promise<AssetPart | string> {
  if (file.size > MAX_ASSET_BYTES) {
    return `it has ${megabytes(file.size)} MiB, and at most ${megabytes(MAX_ASSET_BYTES)} MiB can be attached`;
  }
  if (file.size === 0) return 'it is empty';
  // A name says it better: systems call a CSV file a spreadsheet, and Markdown nothing.
  const media_type = mediaTypeOfName(file.name) ?? file.type.split(';', 1)[0] ?? '';
  if (!ASSET_MEDIA_TYPES.some((known) => known === media_type)) {
    const what = media_type === '' ? 'its type is not known' : `it is ${media_type}`;
    return `${what}, and providers take ${ASSET_MEDIA_TYPES.join(', ')}`;
  }
  try {
    const asset = await api.assets.put({ media_type, base64: await base64Of(file) });
    return {
      type: partTypeOf(asset.media_type),
      asset_sha256: asset.asset_sha256,
      media_type: asset.media_type,
      name: file.name || null,
    };
  } catch (error) {
    const { message, fields } = failureOf(error);
    return fields[0]?.message ?? message;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes % (1024 * 1024) === 0 ? 0 : 1);
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The file cannot be read.')));
    reader.readAsDataURL(file);
  });
}

/** The files on a clipboard; none where it has text of its own, as from a spreadsheet, which also brings a picture. */
export function pastedFiles(data: DataTransfer): readonly File[] {
  const files = [...data.files];
  const text = data.getData('text/plain').trim();
  // File managers put the names beside the files.
  return text === '' || files.some(({ name }) => text.includes(name)) ? files : [];
}
