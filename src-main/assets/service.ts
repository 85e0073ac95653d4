import { hash } from 'node:crypto';
import {
  MAX_ASSET_BYTES,
  notFound,
  pdfPagesOf,
  pixelSizeOf,
  timestampOf,
  validationError,
  type Asset,
} from '../../src-shared/domain';
import type { Clock, Service } from '../ports';
import { assetBytes, getAsset, insertAsset, type Store } from '../store';
import { mediaTypeProblem } from './media-type';

/** Files that prompts are sent with: stored once by the hash of their bytes, never changed. */
export function createAssetsService({ store, clock }: { store: Store; clock: Clock }): Service<'assets'> {
  const stored = (sha256: string): { asset: Asset; bytes: Uint8Array } => {
    const asset = getAsset(store.read, sha256);
    const bytes = asset && assetBytes(store.read, sha256);
    if (asset === undefined || bytes === undefined) throw notFound('file', sha256);
    return { asset, bytes };
  };

  return {
    put({ media_type, base64 }) {
      const bytes = Buffer.from(base64, 'base64');
      const problem = sizeProblem(bytes) ?? mediaTypeProblem(bytes, media_type);
      if (problem !== null) throw validationError([{ path: 'media_type', message: problem }]);
      const asset = { asset_sha256: hash('sha256', bytes), media_type, size: bytes.length };
      return store.write((tx) => {
        const known = getAsset(tx, asset.asset_sha256);
        if (known?.media_type === media_type) return { asset: known, replayed: true };
        if (known !== undefined) {
          throw validationError([
            { path: 'media_type', message: `this file is stored already, as ${known.media_type}` },
          ]);
        }
        insertAsset(tx, { ...asset, bytes, created_at: timestampOf(clock.now()) });
        return { asset, replayed: false };
      });
    },

    facts({ asset_sha256 }) {
      const { asset, bytes } = stored(asset_sha256);
      const size = asset.media_type.startsWith('image/') ? pixelSizeOf(bytes) : null;
      return {
        asset_sha256,
        media_type: asset.media_type,
        size: asset.size,
        width: size?.width ?? null,
        height: size?.height ?? null,
        pages: asset.media_type === 'application/pdf' ? pdfPagesOf(bytes) : null,
      };
    },

    get({ asset_sha256 }) {
      const { asset, bytes } = stored(asset_sha256);
      return { bytes, mediaType: asset.media_type };
    },
  };
}

function sizeProblem({ length }: Uint8Array): string | null {
  if (length === 0) return 'the file is empty';
  return length > MAX_ASSET_BYTES
    ? `the file has ${length} bytes; at most ${MAX_ASSET_BYTES} are stored`
    : null;
}
