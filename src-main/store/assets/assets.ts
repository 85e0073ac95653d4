import { hash } from 'node:crypto';
import type { Asset } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import { damaged } from '../engine/column-values';
import type { ReadDb, WriteDb } from '../engine/db';
import { storedColumns, type StoredRow } from '../engine/stored-rows';
import { assets } from './tables';

const FACTS = storedColumns(assets, ['asset_sha256', 'media_type', 'size'], 'asset_sha256');

/** A file that is not stored yet. */
export function insertAsset(
  tx: WriteDb,
  asset: Asset & { readonly created_at: string; readonly bytes: Uint8Array },
): void {
  tx.prepare(
    `INSERT INTO assets (asset_sha256, media_type, size, created_at, bytes) VALUES (?, ?, ?, ?, ?)`,
  ).run(asset.asset_sha256, asset.media_type, asset.size, asset.created_at, asset.bytes);
  appendStored(tx, 'asset', asset.asset_sha256);
}

/** What is known of a file, without its bytes; undefined where none with this hash is stored. */
export function getAsset(db: ReadDb, assetSha256: string): Asset | undefined {
  const row = db
    .prepare<[string], StoredRow>(`SELECT ${FACTS.list} FROM assets WHERE asset_sha256 = ?`)
    .get(assetSha256);
  return row && FACTS.decode(row);
}

/** @throws STORE_CORRUPT where the bytes are not those of the hash */
export function assetBytes(db: ReadDb, assetSha256: string): Uint8Array | undefined {
  const bytes = db
    .prepare<[string], Uint8Array>(`SELECT bytes FROM assets WHERE asset_sha256 = ?`)
    .pluck()
    .get(assetSha256);
  if (bytes !== undefined && hash('sha256', bytes) !== assetSha256)
    throw damaged(`assets.bytes of ${assetSha256}`);
  return bytes;
}
