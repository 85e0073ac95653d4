// `npm run demo`: the main job on a throw-away store and a throw-away PostgreSQL, without questions.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { node24, projectEnv, root } from './lib/project.mjs';
import { main, run } from './lib/run.mjs';

const URL_VARIABLE = 'PROMPTER_DEMO_TEAM_URL';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const postgres = await startPostgres();
  try {
    const demo = [join(root, 'out/main/cli.js'), 'demo', '--team-url-env', URL_VARIABLE];
    const { code } = await run(node24(), [...demo, ...process.argv.slice(2)], {
      env: projectEnv({ [URL_VARIABLE]: `${postgres.url}?sslmode=disable` }),
    });
    process.exitCode = code ?? 1;
  } finally {
    await postgres.stop();
  }
});
