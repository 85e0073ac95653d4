import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '../command';
import type { ExitCode } from '../failure';
import { openHere } from '../session';
import { chooseSample, compareSideBySide } from './comparison';
import { showAudit, showCosts } from './evidence';
import { showDrift, showDuplicate } from './refusals';
import { showTeam } from './team';

/** The main job on a store that is thrown away. Exit code 0 only if every part of it happened. */
export async function tour(
  given: CommandContext,
  { teamUrlEnv }: { readonly teamUrlEnv: string | undefined },
): Promise<ExitCode> {
  const folder = mkdtempSync(join(tmpdir(), 'prompter-demo-'));
  try {
    const session = await openHere(given.version, {
      ...process.env,
      PROMPTER_HOME: join(folder, 'home'),
      PROMPTER_KEYCHAIN: 'session',
      PROMPTER_PROBE_DISABLED: 'false',
      // What is thrown away is not pushed to anybody's team.
      PROMPTER_DATABASE_URL: '',
    });
    // The steps print for people; with --json what happened is one document at the end.
    const terminal = given.json ? { ...given.terminal, out: () => {} } : given.terminal;
    const context: CommandContext = { ...given, terminal, json: false, session: async () => session };
    try {
      const happened = await showAll(context, { folder, teamUrlEnv });
      const ok = Object.values(happened).every(Boolean);
      if (given.json) given.terminal.out(`${JSON.stringify({ ok, ...happened })}\n`);
      terminal.out(ok ? '\nEverything worked as expected.\n' : '\nNot everything worked as expected.\n');
      return ok ? 0 : 1;
    } finally {
      await session.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each part of the job, in the order in which a user meets them, and whether it happened. */
async function showAll(
  context: CommandContext,
  { folder, teamUrlEnv }: { folder: string; teamUrlEnv: string | undefined },
): Promise<Readonly<Record<string, boolean>>> {
  const sample = await chooseSample(await context.session());
  const compared = await compareSideBySide(context, sample);
  const duplicate_refused = await showDuplicate(context, sample);
  const drift = await showDrift(context, sample);
  const costs_shown = await showCosts(context);
  const audit_verified = await showAudit(context, folder);
  const shown = { compared, duplicate_refused, ...drift, costs_shown, audit_verified };
  return teamUrlEnv === undefined ? shown : { ...shown, pushed: await showTeam(context, teamUrlEnv) };
}
