import type { SyncCount, SyncStatus, TeamAdminInput } from '../../../../src-shared/contract';
import { parseDatabaseUrl } from '../../../home';
import { toTheSecond } from '../cell-text';
import { print, type CommandContext } from '../command';
import { usageError } from '../failure';
import { memoryOf } from '../session';
import { defineCommand, flag, text, type CommandGroup } from '../command-spec';
import { secretFromEnvironment, secretFromStdin } from '../secret-input';
import { table, type Column } from '../table';
import { inert } from '../terminal';

/** Uses an administrator's account once; it is not stored. */
export const init = defineCommand({
  usage: 'sync init',
  about: "Set up a team's PostgreSQL once, with an administrator's URL, and push to it from now on",
  options: {
    urlEnv: text('<variable>', 'environment variable that holds the URL with its password'),
    urlStdin: flag('read the URL from standard input'),
  },
  example: 'prompter sync init --url-stdin < postgres-admin-url.txt',
  body: async (context, _args, options) => {
    const admin = await adminOf(options);
    const { client, owner } = await context.session();
    const made = await client.sync.init(admin);
    if (made.status.password === 'session') {
      context.terminal.err(
        `The new password is kept in memory only (PROMPTER_KEYCHAIN=session) and is lost when ${memoryOf(owner)}.\n` +
          'If there is no keychain, set the role and its password in PROMPTER_DATABASE_URL and run this again.\n',
      );
    }
    print(context, made, ({ applied, role, status }) => {
      const schema =
        applied.length === 0 ? 'The schema was already up to date' : `Set up: ${applied.join(', ')}`;
      return inert(`${schema}.\nRole "${role}" is ready; records are now pushed to ${placeOf(status)}.\n`);
    });
  },
});

async function adminOf({
  urlEnv,
  urlStdin,
}: {
  urlEnv: string | undefined;
  urlStdin: boolean;
}): Promise<TeamAdminInput> {
  if ((urlEnv === undefined) === !urlStdin) {
    throw usageError("Give the administrator's URL with either --url-env VARIABLE or --url-stdin.");
  }
  const url = urlEnv === undefined ? await secretFromStdin('address') : secretFromEnvironment(urlEnv);
  const database = parseDatabaseUrl(url, urlEnv ?? 'url');
  const { TLS_SENTENCES } = await import('../../../../src-shared/contract');
  // Anything less than a verified server has to be asked for: sslmode=require, sslmode=disable.
  return {
    ...database,
    tls_acknowledgement: database.tls === 'verify' ? null : TLS_SENTENCES[database.tls],
  };
}

const COUNTS: readonly Column[] = [
  { title: 'kind', min: 12 },
  { title: 'here', align: 'right' },
  { title: 'team', align: 'right' },
  { title: '' },
];

/** Pushes until nothing is waiting. Exit code 1 if a record did not arrive, or is not there any more. */
export const push = defineCommand({
  usage: 'sync push',
  about: 'Push pending records to the team database and compare counts',
  example: 'prompter sync push',
  body: async (context) => {
    const { client } = await context.session();
    const controller = new AbortController();
    context.interruptions.listen(() => controller.abort());
    const pushed = await client.sync.push(undefined, { signal: controller.signal });
    const { items } = await client.sync.counts();
    if (pushed.set_aside > 0) await printSetAside(context);
    print(context, { ...pushed, counts: items }, () => {
      const left = pushed.waiting + pushed.set_aside;
      const rest = left === 0 ? '' : `, not pushed: ${String(left)}`;
      return `${table(COUNTS, items.map(countRow), context.terminal.columns)}pushed: ${String(pushed.pushed)}${rest}\n`;
    });
    const isMissing = items.some(({ local, remote }) => remote < local);
    return pushed.waiting + pushed.set_aside === 0 && !isMissing ? 0 : 1;
  },
});

function countRow({ record_type, local, remote }: SyncCount) {
  const missing = local - remote;
  const difference = missing > 0 ? `${String(missing)} missing` : `${String(-missing)} more there`;
  return { cells: [record_type, String(local), String(remote), missing === 0 ? '=' : difference] };
}

export const status = defineCommand({
  usage: 'sync status',
  about: 'Show the team database and what is waiting to be pushed',
  example: 'prompter sync status',
  body: async (context) => {
    const { client } = await context.session();
    const found = await client.sync.status();
    if (found.set_aside > 0) await printSetAside(context);
    print(context, found, textOf);
  },
});

export const pause = defineCommand({
  usage: 'sync pause',
  about: 'Pause background pushes',
  example: 'prompter sync pause',
  body: async (context) => {
    const { client } = await context.session();
    print(context, await client.sync.pause(), textOf);
  },
});

export const resume = defineCommand({
  usage: 'sync resume',
  about: 'Resume background pushes',
  example: 'prompter sync resume',
  body: async (context) => {
    const { client } = await context.session();
    print(context, await client.sync.resume(), textOf);
  },
});

export const off = defineCommand({
  usage: 'sync off',
  about: 'Disconnect from the team database; nothing is deleted there',
  example: 'prompter sync off',
  body: async (context) => {
    const { client } = await context.session();
    print(
      context,
      await client.sync.turnOff(),
      () =>
        'Sync is off: everything stays on this machine. Records already pushed stay in the team database.\n',
    );
  },
});

function textOf(found: SyncStatus): string {
  if (!found.configured) return 'Sync is off: everything stays on this machine.\n';
  const lines = [
    `database   ${placeOf(found)}`,
    `password   ${PASSWORD[found.password]}`,
    `state      ${found.state}`,
    `waiting    ${String(found.waiting)}`,
    `set aside  ${String(found.set_aside)}`,
    `last push  ${found.last_push_at === null ? 'never' : toTheSecond(found.last_push_at)}`,
    ...(found.last_error === null ? [] : [`error      ${found.last_error}`]),
    ...(found.next_try_at === null ? [] : [`next try   ${toTheSecond(found.next_try_at)}`]),
  ];
  return inert(`${lines.join('\n')}\n`);
}

const PASSWORD: Readonly<Record<SyncStatus['password'], string>> = {
  stored: 'in the keychain',
  session: 'in memory',
  environment: 'in PROMPTER_DATABASE_URL',
  missing: 'missing',
};

const TLS: Readonly<Record<'verify' | 'unverified' | 'off', string>> = {
  verify: 'TLS, verified',
  unverified: 'TLS, server not verified',
  off: 'not encrypted',
};

function placeOf({ database }: SyncStatus): string {
  if (database === null) return 'no database';
  const { host, port, database: name, user, tls } = database;
  return `${host}:${String(port)}/${name} as ${user} (${TLS[tls]})`;
}

const SHOWN = 20;

/** On standard error: refused records are not a result of the command. */
async function printSetAside({ session, terminal }: CommandContext): Promise<void> {
  const { client } = await session();
  const { items } = await client.sync.setAside({ limit: SHOWN });
  for (const { record_type, record_id, reason } of items) {
    terminal.err(inert(`set aside: ${record_type} ${record_id}: ${reason}\n`));
  }
}

export const sync: CommandGroup = {
  name: 'sync',
  about: 'Team database: set up, push, pause',
  commands: [init, push, status, pause, resume, off],
};
