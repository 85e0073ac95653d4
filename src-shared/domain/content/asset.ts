import * as z from 'zod';
import { strictObject } from '../json/strict-object';
import { assetHash, mediaType, type MediaPartType } from './message';

/** Larger files are refused by every provider, or wanted by other ways than in a request. */
export const MAX_ASSET_BYTES = 32 * 1024 * 1024;

/** What some provider takes in a request. A file is checked to be what it is called. */
export const ASSET_MEDIA_TYPES = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/heic',
  'application/pdf',
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/html',
  'application/json',
] as const;
export type AssetMediaType = (typeof ASSET_MEDIA_TYPES)[number];

/** By the end of a file's name; whether it is that is checked where it is stored. */
const BY_EXTENSION: Readonly<Record<string, AssetMediaType>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
};

/** What a file's name says that it is; null where it does not say. */
export function mediaTypeOfName(name: string): AssetMediaType | null {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] ?? null) : null;
}

/** How a stored file is sent: what is no image is a file. */
export function partTypeOf(ofType: string): MediaPartType {
  return ofType.startsWith('image/') ? 'image' : 'file';
}

/** A stored file, without its bytes. */
export const assetSchema = z.object({
  asset_sha256: assetHash,
  media_type: z.string(),
  size: z.number().int(),
});
export type Asset = z.infer<typeof assetSchema>;

/** What of a stored file can be told without decoding it; null where its bytes do not say. */
export const assetFactsSchema = assetSchema.extend({
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** Of a PDF. */
  pages: z.number().int().nullable(),
});
export type AssetFacts = z.infer<typeof assetFactsSchema>;

/** A file as it is given; over the loopback API, as the bytes themselves. */
export const newAssetSchema = strictObject({
  media_type: mediaType,
  base64: z
    .base64({ error: 'must be the bytes in Base64 (RFC 4648)' })
    .max(Math.ceil(MAX_ASSET_BYTES / 3) * 4 + 4),
});
