// `npm run demo`: tours the main workflow on a throw-away store and PostgreSQL, without prompting.
import { ensureBuilt } from './lib/build.mjs';
import { sentenceOf } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { cliArgs, node24, projectEnv } from './lib/project.mjs';
import { main, run } from './lib/run.mjs';

const URL_VARIABLE = 'PROMPTER_DEMO_TEAM_URL';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const demo = cliArgs('demo', ...process.argv.slice(2));
  const postgres = await startPostgres().catch((error) => {
    process.stderr.write(`Skipping the team database: ${sentenceOf(error)}\n`);
  });
  try {
    const team = postgres && { [URL_VARIABLE]: `${postgres.url}?sslmode=disable` };
    const { code } = await run(node24(), team ? [...demo, '--team-url-env', URL_VARIABLE] : demo, {
      env: projectEnv(team),
    });
    process.exitCode = code ?? 1;
  } finally {
    await postgres?.stop();
  }
});
