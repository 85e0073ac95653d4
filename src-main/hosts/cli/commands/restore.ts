import * as z from 'zod';
import { checkBackup, restoreHome, systemClock } from '../../../core';
import { resolveConfig } from '../../../home';
import { print, type CommandBody } from '../command';
import { flag, readOptions, required } from '../options';
import { inert } from '../terminal';

/** Without --yes the backup is only checked, and it is said what would happen. */
export const restore: CommandBody = async (context, args, given) => {
  const { yes } = readOptions(z.object({ yes: flag }), given);
  const file = required(args, 0);
  const { home } = resolveConfig(process.env);
  if (!yes) {
    const facts = await checkBackup({ home, file, clock: systemClock });
    print(context, { restored: false, home, file, ...facts }, ({ schemaVersion, rows }) =>
      inert(
        `${file} is intact: schema ${schemaVersion}, templates: ${rows['templates'] ?? 0}, runs: ${rows['runs'] ?? 0}; every record matches its audit log.\n` +
          `Nothing was changed. Add --yes to replace the store in ${home} with it; the current store is kept in the backups folder.\n`,
      ),
    );
    return 0;
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
        (kept === null ? '' : `The previous store is kept as ${kept}; restore that file to go back.\n`) +
        'The audit log records the restore at the next start.\n',
    ),
  );
  return 0;
};
