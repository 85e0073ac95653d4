import type { CommandContext } from '../command';
import { init, push } from '../commands/sync';

/**
 * Everything pushed to a team's Postgres, whose administrator's address is in the environment variable `urlEnv`; true
 * where every kind of record is there as often as it is here.
 */
export async function showTeam(context: CommandContext, urlEnv: string): Promise<boolean> {
  context.terminal.out("\nEverything pushed to a team's PostgreSQL, and the counts compared\n");
  // The keychain of the demo forgets, which is all that it needs: what `init` says of that is left out.
  await init.run({ ...context, terminal: { ...context.terminal, err: () => {} } }, [], { urlEnv });
  const code = await push.run(context, [], {});
  const { client } = await context.session();
  const { items } = await client.sync.counts();
  return code === 0 && items.length > 0 && items.every(({ local, remote }) => local === remote);
}
