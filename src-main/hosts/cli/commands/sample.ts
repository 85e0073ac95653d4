import { print } from '../command';
import { defineCommand } from '../command-spec';

export const sample = defineCommand({
  usage: 'sample',
  about: 'Add the sample templates; existing ones are kept',
  example: 'prompter sample',
  body: async (context) => {
    const { client } = await context.session();
    const result = await client.system.installSample();
    print(
      context,
      result,
      ({ created, template_ids }) =>
        `Added ${created} of ${template_ids.length} sample templates; the others were already there.\n`,
    );
  },
});
