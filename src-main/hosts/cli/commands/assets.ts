import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { print } from '../command';
import { defineCommand, text, type CommandGroup } from '../command-spec';
import { usageError } from '../failure';

/** By a file's name; whether it is that is checked where it is stored. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.heic': 'image/heic',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.json': 'application/json',
};

const add = defineCommand({
  usage: 'assets add <file>',
  about: 'Store an image or a file that prompts are sent with; prints its hash',
  options: { type: text('<media type>', 'what it is; by default as its name says') },
  example: 'prompter assets add receipt.png',
  body: async (context, args, { type }) => {
    const extension = extname(args.file).toLowerCase();
    const media_type = type ?? MEDIA_TYPES[extension];
    if (media_type === undefined) {
      throw usageError(`${args.file}: give its media type with --type, as its name does not say it`);
    }
    const bytes = await readFile(args.file).catch((error: unknown) => {
      throw usageError(`${args.file}: ${error instanceof Error ? error.message : 'cannot be read'}`);
    });
    const { client } = await context.session();
    const asset = await client.assets.put({ media_type, base64: bytes.toString('base64') });
    print(
      context,
      asset,
      ({ asset_sha256, media_type: stored, size }) => `${asset_sha256}  ${stored}  ${size} bytes\n`,
    );
  },
});

export const assets: CommandGroup = {
  name: 'assets',
  about: 'Images and files that prompts are sent with',
  commands: [add],
};
