import { DEFAULT_WORKSPACE_ID, labelSchema } from '../../../../src-shared/domain';
import { print } from '../command';
import { defineCommand, option, text } from '../command-spec';
import { inert } from '../terminal';

/** A program that sends the prompt reads this: always JSON, as the API gives it. */
export const get = defineCommand({
  usage: 'get <name>',
  about: 'Fetch the version of a prompt that a label points to',
  options: {
    label: option('<label>', 'the label to follow (default: production)', labelSchema.optional()),
    workspace: text('<id>', 'the workspace of the prompt'),
  },
  example: 'prompter get refund-triage --label production',
  body: async (context, args, { label, workspace = DEFAULT_WORKSPACE_ID }) => {
    const { client } = await context.session();
    const template = await client.prompts.byName({ name: args.name, workspace_id: workspace, label });
    print(context, template, (value) => `${inert(JSON.stringify(value, null, 2))}\n`);
  },
});
