import { notFound, type Asset, type PromptPartial } from '../../src-shared/domain';
import type { Core } from '../../src-main/ports';

const SHA = 'a'.repeat(64);

/** Files and partials in memory. */
export function createFakeContent(now: string): Pick<Core, 'assets' | 'partials'> {
  const files = new Map<string, Asset & { readonly bytes: Uint8Array }>();
  const partials = new Map<string, PromptPartial>();
  const partialOf = (name: string): PromptPartial => {
    const partial = partials.get(name);
    if (partial === undefined) throw notFound('partial', name);
    return partial;
  };
  return {
    assets: {
      put({ media_type, base64 }) {
        const bytes = Buffer.from(base64, 'base64');
        const asset = { asset_sha256: SHA, media_type, size: bytes.length };
        const replayed = files.has(SHA);
        files.set(SHA, { ...asset, bytes });
        return { asset, replayed };
      },
      facts({ asset_sha256 }) {
        const file = files.get(asset_sha256);
        if (file === undefined) throw notFound('file', asset_sha256);
        const { media_type, size } = file;
        return { asset_sha256, media_type, size, width: 2, height: 1, pages: null };
      },
      get({ asset_sha256 }) {
        const file = files.get(asset_sha256);
        if (file === undefined) throw notFound('file', asset_sha256);
        return { bytes: file.bytes, mediaType: file.media_type };
      },
    },
    partials: {
      list: () => ({ items: [...partials.values()], next_cursor: null }),
      put({ org_id, workspace_id, name, text, created_by }) {
        const replayed = partials.get(name)?.text === text;
        const partial = {
          partial_id: `partial-${name}`,
          org_id,
          workspace_id,
          name,
          text,
          text_sha256: SHA,
          created_at: now,
          created_by: created_by ?? null,
        };
        partials.set(name, partial);
        return { partial, replayed };
      },
      get: ({ name }) => partialOf(name),
      ofTemplate: () => ({ items: [] }),
    },
  };
}
