import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { version } from '../../../package.json';

const args = process.argv.slice(2);

// Before anything else is loaded: scripts ask for the version often, and it needs nothing.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  // Most of a short command's time is compiling. Beside the bundle, so that a build throws it away and nobody else's
  // code is ever run; where that folder cannot be written, everything is compiled as before.
  enableCompileCache(join(import.meta.dirname, '.compile-cache'));
  const { main } = await import('./program');
  await main(args, { version, folder: import.meta.dirname });
}
