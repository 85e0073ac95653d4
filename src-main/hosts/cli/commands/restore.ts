import * as z from 'zod';
import { checkBackup, resolveConfig, restoreHome, systemClock } from '../../../core';
import { print, type CommandBody } from '../command';
import { flag, readOptions, required } from '../options';
import { inert } from '../terminal';

/** Without --yes the backup is only checked, and it is said what would happen: exit code 3. */
export const restore: CommandBody = async (context, args, given) => {
  const { yes } = readOptions(z.object({ yes: flag }), given);
  const file = required(args, 0);
  const { home } = resolveConfig(process.env);
  if (!yes) {
    const facts = await checkBackup({ home, file, clock: systemClock });
    print(context, { restored: false, home, file, ...facts }, ({ schemaVersion, rows }) =>
      inert(
        `${file} is whole: schema ${schemaVersion}, templates: ${rows['templates'] ?? 0}, runs: ${rows['runs'] ?? 0}, each as its audit log says.\n` +
          `With --yes it takes the place of the store in ${home}, which is kept in the backups folder beside it.\n`,
      ),
    );
    return 3;
  }
  const { terminal } = context;
  const { kept, ...facts } = await restoreHome({
    home,
    file,
    clock: systemClock,
    onStep: (step) => {
      if (terminal.errIsTty) terminal.err(`${step}…\n`);
    },
  });
  print(context, { restored: true, home, file, kept, ...facts }, ({ rows }) =>
    inert(
      `Restored ${file}: templates: ${rows['templates'] ?? 0}, runs: ${rows['runs'] ?? 0}.\n` +
        (kept === null
          ? ''
          : `The store that was in use is kept as ${kept}; restore that file to go back.\n`) +
        'The audit log says so from the next start on.\n',
    ),
  );
  return 0;
};
