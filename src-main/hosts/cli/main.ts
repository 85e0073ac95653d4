import { version } from '../../../package.json';

const args = process.argv.slice(2);

// Before anything else is loaded: scripts ask for the version often, and it needs nothing.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import('./program');
  await main(args, { version, folder: import.meta.dirname });
}
