import { print, type CommandBody } from '../command';

export const install: CommandBody = async (context) => {
  const { client } = await context.session();
  const result = await client.system.installSample();
  print(
    context,
    result,
    ({ created, template_ids }) =>
      `Added ${created} of ${template_ids.length} sample templates; the others were already there.\n`,
  );
};
