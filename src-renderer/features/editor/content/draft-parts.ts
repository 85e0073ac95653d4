import * as z from 'zod';
import { MEDIA_KINDS, type AssetPart, type ContentPart } from '../../../../src-shared/domain';
import { readExactJson } from '../../../../src-shared/files';
import type { DraftMessage } from '../draft-messages';

const mediaKind = z.enum(MEDIA_KINDS);
/** Parts as they can be shown one by one, valid or not: a variable's name may still be typed. */
const shownParts = z.array(
  z.union([
    z.strictObject({ type: z.literal('text'), text: z.string() }),
    z.strictObject({ type: mediaKind, variable: z.string() }),
    z.strictObject({
      type: mediaKind,
      asset_sha256: z.string(),
      media_type: z.string(),
      name: z
        .string()
        .nullish()
        .transform((name) => name ?? null),
    }),
  ]),
);

const read = new WeakMap<Pick<DraftMessage, 'text' | 'parts'>, readonly ContentPart[]>();

/** The content of a block as parts; null for JSON that is none, which only its own editor can show. */
export function partsOf(block: Pick<DraftMessage, 'text' | 'parts'>): readonly ContentPart[] | null {
  const known = read.get(block);
  if (known) return known;
  const parts = readParts(block);
  if (parts) read.set(block, parts);
  return parts;
}

function readParts({ text, parts }: Pick<DraftMessage, 'text' | 'parts'>): readonly ContentPart[] | null {
  if (parts === null) return [{ type: 'text', text }];
  const json = readExactJson(parts);
  return json.ok ? (shownParts.safeParse(json.value).data ?? null) : null;
}

/** The fields of a block that say these parts: what is one text alone is that text. */
export function contentOf(parts: readonly ContentPart[]): Pick<DraftMessage, 'text' | 'parts'> {
  const [only, ...more] = parts;
  if (only === undefined) return { text: '', parts: null };
  if (more.length === 0 && only.type === 'text') return { text: only.text, parts: null };
  return { text: '', parts: JSON.stringify(parts, null, 2) };
}

/** What is shown of parts besides their texts, so that typing re-renders no list. */
export function shapeOf(parts: readonly ContentPart[] | null): string {
  if (parts === null) return 'json';
  return JSON.stringify(parts.map((part) => (part.type === 'text' ? 'text' : part)));
}

export function isAsset(part: ContentPart): part is AssetPart {
  return 'asset_sha256' in part;
}

export function moved(parts: readonly ContentPart[], from: number, by: 1 | -1): readonly ContentPart[] {
  const to = from + by;
  const part = parts[from];
  if (!part || to < 0 || to >= parts.length) return parts;
  return parts.toSpliced(from, 1).toSpliced(to, 0, part);
}
