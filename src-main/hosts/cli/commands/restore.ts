import { resolveConfig } from '../../../home';
import { print } from '../command';
import { defineCommand, flag } from '../command-spec';
import { inert } from '../terminal';

/** Without --yes the backup is only checked, and it is said what would happen. */
export const restore = defineCommand({
  usage: 'restore <file>',
  about:
    'Check a backup (a path, or a name from `backup list`), exit code 0 if it is intact; with --yes, put it in place of the current store, which is kept. Close Prompter first',
  options: {
    yes: flag('replace the store (otherwise the backup is only checked)'),
  },
  example: 'prompter restore prompter-v4-2026-11-20T08-00-00-000Z-manual.db --yes',
  body: async (context, args, { yes }) => {
    const { file } = args;
    const { checkBackup, restoreHome, systemClock } = await import('../../../core');
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
  },
});
