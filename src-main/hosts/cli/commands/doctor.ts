import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError, lostLogInWords } from '../../../../src-shared/domain';
import { resolveConfig } from '../../../home';
import type { PrompterClient } from '../../../rpc';
import { megabytes } from '../cell-text';
import { print } from '../command';
import { defineCommand } from '../command-spec';
import { failureOf } from '../failure';
import { inert } from '../terminal';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Something is missing that Prompter can do without. */
  readonly warning?: boolean;
  readonly detail: string;
}

const NEEDED_NODE = 24;

/** Exit code 1 where a check fails; warnings do not count. */
export const doctor = defineCommand({
  usage: 'doctor',
  about:
    'Check this installation: runtime, store, keychain, practice provider; exit code 1 if anything is broken',
  example: 'prompter doctor',
  body: async (context) => {
    const { home } = resolveConfig(process.env);
    const file = join(home, 'prompter.db');
    const checks: Check[] = [
      { name: 'prompter', ok: true, detail: context.version },
      {
        name: 'node',
        ok: Number(process.versions.node.split('.', 1)[0]) >= NEEDED_NODE,
        detail: `${process.versions.node} (${NEEDED_NODE} or later required)`,
      },
      await check('data folder', async () => folderDetail(home)),
      await check('store file', () => integrityDetail(file)),
      await check('backups', () => backupsDetail(home)),
    ];
    try {
      const { client } = await context.session();
      checks.push(...(await checkCore(client)));
    } catch (error) {
      const { code, message } = failureOf(error);
      // Another process with the store is no fault, but where it cannot be asked, nothing more is known from here.
      checks.push({ name: 'store', ok: code === 'STORE_LOCKED', detail: message });
    }
    print(context, { ok: checks.every(({ ok }) => ok), checks }, ({ checks: all }) =>
      all
        .map(
          ({ name, ok, warning = false, detail }) =>
            `${ok ? (warning ? 'warn' : 'ok  ') : 'BAD '} ${name.padEnd(18)} ${inert(detail)}\n`,
        )
        .join(''),
    );
    return checks.every(({ ok }) => ok) ? 0 : 1;
  },
});

async function checkCore(client: PrompterClient): Promise<Check[]> {
  const status = await client.system.status();
  const { store, keychain } = status;
  return [
    {
      name: 'store',
      ok: true,
      detail: `schema ${store.schema_version}, ${megabytes(store.size_bytes)}, templates: ${status.templates}, runs: ${status.runs}`,
    },
    {
      name: 'audit log',
      ok: status.lost_log === null,
      detail: status.lost_log === null ? 'nothing signed is missing' : lostLogInWords(status.lost_log),
    },
    {
      name: 'last exit',
      ok: true,
      detail:
        store.checked_after_crash_at === null
          ? 'clean'
          : `unclean; the store was checked at ${store.checked_after_crash_at} and is intact`,
    },
    {
      name: 'runs in doubt',
      ok: true,
      detail: status.outcome_unknown === 0 ? 'none' : `${status.outcome_unknown} (they may have been billed)`,
    },
    {
      name: 'keychain',
      ok: true,
      warning: !keychain.available,
      detail: `${keychain.mode}${keychain.message === null ? '' : `: ${keychain.message}`}`,
    },
    {
      name: 'version probes',
      ok: true,
      detail: status.probes_enabled
        ? 'on'
        : 'off (PROMPTER_PROBE_DISABLED): last known versions, unverified; pins are checked against the answer',
    },
    await check('practice provider', async () => {
      const { items } = await client.providers.models({ provider_id: 'practice-openai', refresh: true });
      return `answers, ${items.length} models`;
    }),
  ];
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    return { name, ok: false, detail: failureOf(error).message };
  }
}

function folderDetail(home: string): string {
  const there = nearestExisting(resolve(home));
  if (!statSync(there).isDirectory()) {
    throw new AppError(
      'STORE_UNSAFE_LOCATION',
      `${there} is not a folder. Set PROMPTER_HOME to a folder on a local disk.`,
      { data: { home } },
    );
  }
  accessSync(there, constants.R_OK | constants.W_OK);
  return existsSync(home) ? home : `${home} (will be created)`;
}

/** The path or its nearest ancestor that exists: missing folders would be created in it. */
function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

async function integrityDetail(file: string): Promise<string> {
  const { checkStore } = await import('../../../core');
  const checked = checkStore(file);
  return checked === null
    ? `${file} (not there yet)`
    : `${file}, ${megabytes(checked.sizeBytes)}, quick_check ok`;
}

async function backupsDetail(home: string): Promise<string> {
  const { listHomeBackups } = await import('../../../core');
  const [newest, ...others] = listHomeBackups(home);
  return newest === undefined
    ? 'none (run prompter backup)'
    : `${others.length + 1}, newest from ${newest.created_at} (${newest.reason.replaceAll('_', ' ')})`;
}
