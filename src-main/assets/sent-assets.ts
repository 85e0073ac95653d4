import { validationError, type FieldProblem, type Message, type SentMessage } from '../../src-shared/domain';
import { assetBytes, getAsset, type ReadDb } from '../store';

/**
 * Every file that messages name has to be stored, as what they call it: what was sent could not be shown otherwise.
 * @throws VALIDATION_FAILED naming each part
 */
export function assertAssetsStored(db: ReadDb, messages: readonly Message[]): void {
  const problems = messages.flatMap((message, index) => problemsOf(db, message, index));
  if (problems.length > 0) throw validationError(problems);
}

function problemsOf(db: ReadDb, message: Message, index: number): FieldProblem[] {
  if ('placeholder' in message || typeof message.content === 'string') return [];
  return message.content.flatMap((part, at): FieldProblem[] => {
    if (!('asset_sha256' in part)) return [];
    const path = `messages.${String(index)}.content.${String(at)}`;
    const stored = getAsset(db, part.asset_sha256);
    if (stored === undefined) {
      return [
        {
          path: `${path}.asset_sha256`,
          message: `no file ${part.asset_sha256} is stored: add it first (POST /v1/assets)`,
        },
      ];
    }
    return stored.media_type === part.media_type
      ? []
      : [{ path: `${path}.media_type`, message: `the file is stored as ${stored.media_type}` }];
  });
}

/** Hashes of the files that messages carry, each once. */
export function assetsIn(messages: readonly SentMessage[]): string[] {
  const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  return [...new Set(parts.flatMap((part) => (part.type === 'text' ? [] : [part.asset_sha256])))];
}

/** A stored file as requests carry it. @throws STORE_CORRUPT */
export function assetBase64(db: ReadDb, assetSha256: string): string {
  const bytes = assetBytes(db, assetSha256);
  if (bytes === undefined) throw new Error(`file ${assetSha256} is not in the store`);
  return Buffer.from(bytes).toString('base64');
}
