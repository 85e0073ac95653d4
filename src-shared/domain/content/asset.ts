import * as z from 'zod';
import { strictObject } from '../json/strict-object';
import { assetHash, mediaType } from './message';

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

/** A stored file, without its bytes. */
export const assetSchema = z.object({
  asset_sha256: assetHash,
  media_type: z.string(),
  size: z.number().int(),
});
export type Asset = z.infer<typeof assetSchema>;

/** A file as it is given; over the loopback API, as the bytes themselves. */
export const newAssetSchema = strictObject({
  media_type: mediaType,
  base64: z
    .base64({ error: 'must be the bytes in Base64 (RFC 4648)' })
    .max(Math.ceil(MAX_ASSET_BYTES / 3) * 4 + 4),
});
