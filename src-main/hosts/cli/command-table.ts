import type { CommandBody } from './command';

export interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  /** May be given more than once; the values come as a list. */
  readonly repeated?: boolean;
}

export interface CommandSpec {
  /** The words and arguments, as in `templates get <id>`. */
  readonly usage: string;
  readonly about: string;
  readonly options?: readonly OptionSpec[];
  readonly example: string;
  /** Loads the command's code, and with it everything that only this command needs. */
  readonly load: () => Promise<CommandBody>;
}

const option = (flags: string, about: string): OptionSpec => ({ flags, about });
const repeated = (flags: string, about: string): OptionSpec => ({ flags, about, repeated: true });

const PAGE = [
  option('--limit <n>', 'how many, 50 unless given'),
  option('--cursor <cursor>', 'where the last page ended'),
];
const VARIABLES = [
  repeated('--var <name=value>', 'a variable; may be repeated'),
  option('--vars <file>', 'variables from a JSON file'),
];
const TARGET = option('--target <target>', 'connection:model or provider:model');
const KEY_STDIN = option('--key-stdin', 'read the key from standard input');

/** Groups of commands, for the help. */
export const GROUPS: Readonly<Record<string, string>> = {
  templates: 'Templates: list, read, create, check, render, archive',
  batch: 'Comparisons that were started: list, read, cancel',
  versions: 'Model versions: who answers behind a name',
  providers: 'Providers and their models',
  connections: 'Connections: accounts and servers with their keys',
  runs: 'Runs and the bytes that providers sent',
  audit: 'Audit log: export it, verify it',
  sync: 'Team database: set it up, push, pause',
};

export const COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'serve',
    about: 'Serve the loopback API and the interface on 127.0.0.1',
    options: [
      option('--port <port>', 'the port; 0, the default, takes a free one'),
      option('--token <token>', 'the token to ask for; a safe one is made unless given'),
      option('--open', 'open the interface in the browser'),
    ],
    example: 'prompter serve --port 8700 --open',
    load: async () => (await import('./commands/serve')).serve,
  },
  {
    usage: 'demo',
    about: 'Show the main job on a throw-away store with practice models',
    example: 'prompter demo',
    load: async () => (await import('./demo')).demo,
  },
  {
    usage: 'sample',
    about: 'Add the sample library; what is there stays',
    example: 'prompter sample',
    load: async () => (await import('./commands/sample')).install,
  },
  {
    usage: 'templates list',
    about: 'List and search templates, newest first',
    options: [
      option('--query <text>', 'words to look for'),
      option('--workspace <id>', 'only this workspace'),
      option('--archived', 'archived ones too'),
      ...PAGE,
    ],
    example: 'prompter templates list --query refund',
    load: async () => (await import('./commands/templates')).list,
  },
  {
    usage: 'templates get <template>',
    about: 'Show one template',
    example: 'prompter templates get 0198c0de-…',
    load: async () => (await import('./commands/templates')).get,
  },
  {
    usage: 'templates create <file>',
    about: 'Create an immutable template from a JSON or YAML file; refuses a duplicate (exit code 3)',
    options: [option('--idempotency-key <key>', 'the same key gives the same template')],
    example: 'prompter templates create refund-triage.yaml',
    load: async () => (await import('./commands/templates')).create,
  },
  {
    usage: 'templates check <file>',
    about: 'Would this file be a duplicate? Writes nothing; exit code 3 if so',
    example: 'prompter templates check refund-triage.yaml',
    load: async () => (await import('./commands/templates')).check,
  },
  {
    usage: 'templates render <template>',
    about: 'Render a template (id or file) with variables; calls no model',
    options: VARIABLES,
    example: 'prompter templates render refund-triage.yaml --var order=4711',
    load: async () => (await import('./commands/templates')).render,
  },
  {
    usage: 'templates archive <template>',
    about: 'Archive a template: its configuration becomes free, nothing is deleted',
    example: 'prompter templates archive 0198c0de-…',
    load: async () => (await import('./commands/templates')).archive,
  },
  {
    usage: 'run <template>',
    about: 'Run a template (id or file) once',
    options: [
      TARGET,
      ...VARIABLES,
      option('--country <code>', 'the country of the run'),
      option('--stream', 'show the text as it is written'),
      option('--timeout <seconds>', 'give up after this time'),
      option('--idempotency-key <key>', 'the same key gives the same run'),
    ],
    example: 'prompter run refund-triage.yaml --target practice-openai:gpt-4o --var order=4711',
    load: async () => (await import('./commands/run')).run,
  },
  {
    usage: 'compare [template]',
    about: 'Run a template (id or file) over inputs × targets × repeats and compare',
    options: [
      repeated('--targets <a,b,c>', 'each connection:model or provider:model; may be repeated'),
      option('--inputs <file>', 'a .csv with variable names as header, or a .jsonl'),
      option('--replicates <n>', 'how often each, 1 unless given'),
      option('--concurrency <n>', 'calls at the same time'),
      option('--out <file>', 'write results as .json, .jsonl, .csv or .html'),
      option('--stream', 'ask providers to stream'),
      option('--budget <usd>', 'stop before more is spent'),
      option('--name <name>', 'a name for the comparison'),
      option('--on-drift <policy>', 'where a model changes: record (unless given), pause or stop'),
      option('--progress <style>', 'bar, jsonl or none, on standard error'),
      option('--resume <batch>', 'go on with a comparison'),
      option('--retry-unknown', 'with --resume: send again what is in doubt'),
      option('--retry-failed', 'with --resume: send again what failed'),
    ],
    example:
      'prompter compare triage.yaml --targets practice-openai:gpt-4o,practice-google:gemini-2.0-flash --inputs rows.csv --out results.html',
    load: async () => (await import('./commands/compare')).compare,
  },
  {
    usage: 'batch list',
    about: 'List comparisons, newest first',
    options: [option('--template <id>', 'only of this template'), ...PAGE],
    example: 'prompter batch list',
    load: async () => (await import('./commands/batch')).list,
  },
  {
    usage: 'batch get <batch>',
    about: 'Show one comparison with its counts and sums',
    example: 'prompter batch get 0198c0de-…',
    load: async () => (await import('./commands/batch')).get,
  },
  {
    usage: 'batch cancel <batch>',
    about: 'Give up what a comparison has not run yet',
    example: 'prompter batch cancel 0198c0de-…',
    load: async () => (await import('./commands/batch')).cancel,
  },
  {
    usage: 'versions ensure <template>',
    about: 'Ask the model of a template (id or file) once which version answers, and record it',
    options: [TARGET, option('--force', 'ask even if it is known')],
    example: 'prompter versions ensure 0198c0de-… --target practice-openai:gpt-4o',
    load: async () => (await import('./commands/versions')).ensure,
  },
  {
    usage: 'versions list <template>',
    about: 'Model versions seen with a template, latest first',
    example: 'prompter versions list 0198c0de-…',
    load: async () => (await import('./commands/versions')).list,
  },
  {
    usage: 'versions pin <template> <version>',
    about: 'Let a template (id or file) run only on this version from now on',
    options: [option('--note <text>', 'why')],
    example: 'prompter versions pin 0198c0de-… gpt-4o-2024-08-06 --note "as reviewed"',
    load: async () => (await import('./commands/versions')).pin,
  },
  {
    usage: 'versions unpin <template>',
    about: 'Let a template (id or file) run on any version from now on',
    options: [option('--note <text>', 'why')],
    example: 'prompter versions unpin 0198c0de-…',
    load: async () => (await import('./commands/versions')).unpin,
  },
  {
    usage: 'versions drift',
    about: 'Models that changed under a template, newest first',
    options: [option('--template <id>', 'only under this template'), ...PAGE],
    example: 'prompter versions drift --template 0198c0de-…',
    load: async () => (await import('./commands/versions')).drift,
  },
  {
    usage: 'providers list',
    about: 'List providers',
    example: 'prompter providers list',
    load: async () => (await import('./commands/providers')).list,
  },
  {
    usage: 'providers models <provider>',
    about: "List a provider's models",
    options: [option('--refresh', 'ask the provider again')],
    example: 'prompter providers models practice-openai',
    load: async () => (await import('./commands/providers')).models,
  },
  {
    usage: 'connections list',
    about: 'List connections; never their keys',
    example: 'prompter connections list',
    load: async () => (await import('./commands/connections')).list,
  },
  {
    usage: 'connections add <name>',
    about: 'Add a connection; its key goes to the keychain',
    options: [
      option('--provider <provider>', 'such as openai, anthropic, google, ollama (needed)'),
      option('--base-url <url>', "the server, where it is not the provider's own"),
      option('--key-env <variable>', 'the environment variable that holds the key'),
      KEY_STDIN,
      option('--concurrency <n>', 'calls at the same time'),
    ],
    example: 'prompter connections add my-openai --provider openai --key-stdin < key.txt',
    load: async () => (await import('./commands/connections')).add,
  },
  {
    usage: 'connections test <connection>',
    about: 'Reach the provider, check the key, list the models',
    example: 'prompter connections test my-openai',
    load: async () => (await import('./commands/connections')).test,
  },
  {
    usage: 'connections set-secret <connection>',
    about: 'Replace the key of a connection',
    options: [KEY_STDIN],
    example: 'prompter connections set-secret my-openai --key-stdin < key.txt',
    load: async () => (await import('./commands/connections')).setSecret,
  },
  {
    usage: 'connections remove <connection>',
    about: 'Remove a connection and its key; its runs stay',
    example: 'prompter connections remove my-openai',
    load: async () => (await import('./commands/connections')).remove,
  },
  {
    usage: 'runs list',
    about: 'List runs, newest first',
    options: [
      option('--template <id>', 'only of this template'),
      option('--batch <id>', 'only of this comparison'),
      option('--status <status>', 'such as succeeded, failed, outcome_unknown'),
      option('--model <id>', 'only of this model'),
      ...PAGE,
    ],
    example: 'prompter runs list --status failed',
    load: async () => (await import('./commands/runs')).list,
  },
  {
    usage: 'runs get <run>',
    about: 'Show one run with everything known about it',
    example: 'prompter runs get 0198c0de-…',
    load: async () => (await import('./commands/runs')).get,
  },
  {
    usage: 'runs raw <run>',
    about: "The provider's answer, byte for byte",
    options: [option('--out <file>', 'write to a file')],
    example: 'prompter runs raw 0198c0de-… --out answer.json',
    load: async () => (await import('./commands/runs')).raw,
  },
  {
    usage: 'costs',
    about: 'What runs cost, with success, latency and tokens; unpriced ones are counted apart',
    options: [
      option('--from <date>', 'the first day; 30 days are shown unless given'),
      option('--to <date>', 'the last day, today unless given'),
      option('--by <group>', 'day, template, model or connection'),
      option('--time-zone <zone>', 'whose days, UTC unless given'),
      option('--practice', 'practice runs instead of real ones'),
    ],
    example: 'prompter costs --from 2026-11-01 --by model --time-zone Europe/Berlin',
    load: async () => (await import('./commands/costs')).costs,
  },
  {
    usage: 'hash [file]',
    about: 'Canonical form and SHA-256 of a file or of standard input (-)',
    options: [
      option('--kind <kind>', 'number, json, text or template (needed)'),
      option('--lines', 'one JSON-encoded string per line, one answer per line'),
    ],
    example: 'echo \'{"b":1.50,"a":2}\' | prompter hash --kind json',
    load: async () => (await import('./commands/hash')).hash,
  },
  {
    usage: 'simulate',
    about: "Run the practice provider's wire server alone",
    options: [
      option('--port <port>', 'the port; a free one unless given'),
      option('--script <file>', 'faults to rehearse, as JSON'),
      option('--journal <file>', 'append every request and answer to this file'),
    ],
    example: 'prompter simulate --port 8701 --journal journal.jsonl',
    load: async () => (await import('./commands/simulate')).simulate,
  },
  {
    usage: 'backup [list]',
    about:
      'Write a verified copy of the store, also while Prompter runs; with `list`, show the copies there are',
    options: [option('--out <file>', 'where to; the backups folder beside the store unless given')],
    example: 'prompter backup --out /media/stick/prompter.db',
    load: async () => (await import('./commands/backup')).backup,
  },
  {
    usage: 'restore <file>',
    about:
      'Check a backup (a path, or a name from `backup list`), and with --yes put it in place of the store, which is kept. Close Prompter first: nobody else may be using the store',
    options: [option('--yes', 'replace the store; without it the backup is only checked')],
    example: 'prompter restore prompter-v4-2026-11-20T08-00-00-000Z-manual.db --yes',
    load: async () => (await import('./commands/restore')).restore,
  },
  {
    usage: 'doctor',
    about: 'Check this installation: runtime, store, keychain, practice provider',
    example: 'prompter doctor',
    load: async () => (await import('./commands/doctor')).doctor,
  },
  {
    usage: 'audit export',
    about:
      'Write the audit log with records, proofs and signed checkpoints, and a Python program that checks it',
    options: [option('--out <file>', 'the file, JSON Lines (needed)')],
    example: 'prompter audit export --out audit.jsonl',
    load: async () => (await import('./commands/audit')).exportAudit,
  },
  {
    usage: 'audit verify [file]',
    about: 'Verify the store, or an exported file; exit code 1 where anything does not hold',
    options: [option('--key <key>', 'with a file: the key that must have signed it')],
    example: 'prompter audit verify audit.jsonl',
    load: async () => (await import('./commands/audit')).verify,
  },
  {
    usage: 'sync init',
    about: "Set up a team's PostgreSQL once, with an administrator's address, and use it from now on",
    options: [
      option('--url-env <variable>', 'the environment variable that holds the address with its password'),
      option('--url-stdin', 'read the address from standard input'),
    ],
    example: 'prompter sync init --url-stdin < postgres-admin-url.txt',
    load: async () => (await import('./commands/sync')).init,
  },
  {
    usage: 'sync push',
    about: 'Push what waits to the team database, and count each kind here and there',
    example: 'prompter sync push',
    load: async () => (await import('./commands/sync')).push,
  },
  {
    usage: 'sync status',
    about: 'Show the team database and what waits for it',
    example: 'prompter sync status',
    load: async () => (await import('./commands/sync')).status,
  },
  {
    usage: 'sync pause',
    about: 'Push nothing in the background until resumed',
    example: 'prompter sync pause',
    load: async () => (await import('./commands/sync')).pause,
  },
  {
    usage: 'sync resume',
    about: 'Push in the background again',
    example: 'prompter sync resume',
    load: async () => (await import('./commands/sync')).resume,
  },
  {
    usage: 'sync off',
    about: 'Forget the team database; nothing is deleted there',
    example: 'prompter sync off',
    load: async () => (await import('./commands/sync')).off,
  },
];
