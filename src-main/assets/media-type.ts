import { ASSET_MEDIA_TYPES, type AssetMediaType } from '../../src-shared/domain';

/** Texts have no magic bytes: what is no text is none of these. */
const TEXTS: ReadonlySet<AssetMediaType> = new Set<AssetMediaType>([
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/html',
  'application/json',
]);

/** How files of a type begin, and where. */
const BEGINNINGS: readonly {
  readonly type: AssetMediaType;
  readonly parts: readonly (readonly [offset: number, bytes: string])[];
}[] = [
  { type: 'image/png', parts: [[0, '\x89PNG\r\n\x1a\n']] },
  { type: 'image/jpeg', parts: [[0, '\xff\xd8\xff']] },
  { type: 'image/gif', parts: [[0, 'GIF87a']] },
  { type: 'image/gif', parts: [[0, 'GIF89a']] },
  {
    type: 'image/webp',
    parts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { type: 'image/heic', parts: [[4, 'ftypheic']] },
  { type: 'image/heic', parts: [[4, 'ftypheix']] },
  { type: 'image/heic', parts: [[4, 'ftypmif1']] },
  { type: 'application/pdf', parts: [[0, '%PDF-']] },
];

/** Why the bytes are not what they are called; null where they are. */
export function mediaTypeProblem(bytes: Uint8Array, mediaType: string): string | null {
  const known = ASSET_MEDIA_TYPES.find((type) => type === mediaType);
  if (known === undefined)
    return `no provider takes ${mediaType}: ${ASSET_MEDIA_TYPES.join(', ')} are stored`;
  const found = typeOf(bytes);
  if (TEXTS.has(known)) {
    if (found !== null) return `the bytes are ${found}, not ${known}`;
    return isText(bytes) ? null : `the bytes are no text in UTF-8, so they are not ${known}`;
  }
  if (found === known) return null;
  return `the bytes are ${found ?? 'none of the known types'}, not ${known}`;
}

/** By its first bytes; null for a text and for anything else. */
function typeOf(bytes: Uint8Array): AssetMediaType | null {
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
  return BEGINNINGS.find(({ parts }) => parts.every(([at, text]) => head.startsWith(text, at)))?.type ?? null;
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
