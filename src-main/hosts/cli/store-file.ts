import { basename } from 'node:path';
import { mediaTypeOfName, type Asset } from '../../../src-shared/domain';
import type { PrompterClient } from '../../rpc';
import { usageError } from './failure';
import { readGivenFile } from './files';

/**
 * Stores a file that a command was given by its path. Paths are read here alone, with the rights of who runs the command:
 * the core takes bytes (docs/reliability.md#files-by-path).
 * @throws a usage error where it cannot be read, or its name does not say what it is
 */
export async function storeFile(client: PrompterClient, file: string, type?: string): Promise<Asset> {
  const media_type = type ?? mediaTypeOfName(file);
  if (media_type === null) {
    throw usageError(`${file}: its name does not say what it is. Store it with: prompter assets add --type`);
  }
  const bytes = await readGivenFile(file);
  return client.assets.put({ media_type, base64: bytes.toString('base64') });
}

/** Files of `--file name=path`, stored, as the values of their variables. */
export async function fileVariables(
  client: PrompterClient,
  files: Readonly<Record<string, string>>,
): Promise<Record<string, { asset_sha256: string; media_type: string; name: string }>> {
  const values: Record<string, { asset_sha256: string; media_type: string; name: string }> = {};
  for (const [variable, file] of Object.entries(files)) {
    const { asset_sha256, media_type } = await storeFile(client, file);
    values[variable] = { asset_sha256, media_type, name: basename(file) };
  }
  return values;
}
