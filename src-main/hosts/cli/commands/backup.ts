import * as z from 'zod';
import { resolveConfig } from '../../../home';
import type { Backup } from '../../../../src-shared/domain';
import { megabytes, toTheSecond } from '../cell-text';
import { print, type CommandContext } from '../command';
import { usageError } from '../failure';
import { defineCommand, option } from '../command-spec';
import { table, type Column } from '../table';
import { inert } from '../terminal';

/** Reads the store's file and needs no core: it works beside the process that owns the store. */
export const backup = defineCommand({
  usage: 'backup [list]',
  about:
    'Back up the store, even while Prompter is running, and check the copy; `list` shows existing backups',
  options: {
    out: option(
      '<file>',
      'file to write (default: a new one in the backups folder)',
      z.string().min(1).optional(),
    ),
  },
  example: 'prompter backup --out /media/stick/prompter.db',
  body: async (context, { list: action }, { out }) => {
    const { home } = resolveConfig(process.env);
    if (action === 'list') return list(context, home);
    if (action !== undefined)
      throw usageError(`Unknown action "${action}". Use "prompter backup" or "prompter backup list".`);
    const { backUpHome, systemClock } = await import('../../../core');
    const made = await backUpHome({ home, clock: systemClock, out, onProgress: progressOn(context) });
    const rows = Object.values(made.rows).reduce((sum, count) => sum + count, 0);
    print(context, made, ({ path, size_bytes, schema_version }) =>
      inert(
        `${path}\n${megabytes(size_bytes)}, schema ${schema_version}, ${rows} rows in ${Object.keys(made.rows).length} tables. The copy was read back and its row counts match the store. Records are checked against the audit log on restore.\n`,
      ),
    );
  },
});

const WHY: Readonly<Record<Backup['reason'], string>> = {
  manual: 'manual',
  before_migration: 'before migration',
  before_restore: 'before restore',
};

const COLUMNS: readonly Column[] = [
  { title: 'made' },
  { title: 'reason' },
  { title: 'schema', align: 'right', dispensable: 2 },
  { title: 'size', align: 'right', dispensable: 1 },
  { title: 'file', min: 30, keep: 'end' },
];

async function list(context: CommandContext, home: string): Promise<void> {
  const { listHomeBackups } = await import('../../../core');
  const items = listHomeBackups(home);
  print(context, { items }, () => {
    const rows = items.map((item) => ({
      cells: [
        toTheSecond(item.created_at),
        `${WHY[item.reason]}${item.migration === null ? '' : ` ${item.migration}`}`,
        String(item.schema_version),
        megabytes(item.size_bytes),
        item.path,
      ],
    }));
    return table(COLUMNS, rows, context.terminal.columns);
  });
}

/** On standard error, in tenths; a small store is done before anybody could read it. */
function progressOn({ terminal }: CommandContext): (progress: { step: string; done: number }) => void {
  if (!terminal.errIsTty) return () => {};
  return ({ step, done }) => terminal.err(`\r${step} ${Math.floor(done * 10) * 10} %   `);
}
