import { print } from '../command';
import { defineCommand, text, type CommandGroup } from '../command-spec';
import { storeFile } from '../store-file';

const add = defineCommand({
  usage: 'assets add <file>',
  about: 'Store an image or a file that prompts are sent with; prints its hash',
  options: { type: text('<media type>', 'what it is; by default as its name says') },
  example: 'prompter assets add receipt.png',
  body: async (context, args, { type }) => {
    const { client } = await context.session();
    const asset = await storeFile(client, args.file, type);
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
