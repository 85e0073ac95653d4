import { option, PAGE, repeated, type CommandSpec } from './command-spec';
import { CONNECTION_COMMANDS } from './connection-table';
import { SYNC_COMMANDS } from './sync-table';
import { REVIEW_COMMANDS } from './review-table';

const VARIABLES = [
  repeated('--var <name=value>', 'a variable; repeatable'),
  option('--vars <file>', 'variables from a JSON file'),
];
const TARGET = option('--target <target>', 'connection:model or provider:model');

/** Groups of commands, for the help. */
export const GROUPS: Readonly<Record<string, string>> = {
  templates: 'Templates: list, show, create, check, render, label, archive',
  batch: 'Comparisons: list, show, cancel',
  versions: 'Model versions: detect, list, pin, unpin, track drift',
  providers: 'Providers and their models',
  connections: 'Connections: accounts and servers, with their keys',
  runs: 'Runs and the raw answers providers sent',
  review: 'Answers that need a human decision: list, show, accept, correct, dismiss',
  audit: 'Audit log: sign, export, verify',
  sync: 'Team database: set up, push, pause',
};

export const COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'serve',
    about: 'Serve the web interface and the API on 127.0.0.1',
    options: [
      option('--port <port>', 'port to listen on (default: 0, any free port)'),
      option('--token <token>', 'access token to require (default: a random one)'),
      option('--open', 'open it in the browser'),
    ],
    example: 'prompter serve --port 8700 --open',
    load: async () => (await import('./commands/serve')).serve,
  },
  {
    usage: 'link',
    about: 'Print a one-time link that opens the running Prompter in a browser',
    options: [option('--open', 'open it in the browser')],
    example: 'prompter link --open',
    load: async () => (await import('./commands/link')).link,
  },
  {
    usage: 'demo',
    about: 'Tour the main workflow with practice models, on a throw-away store',
    options: [
      option(
        '--team-url-env <variable>',
        'environment variable with the administrator URL of a PostgreSQL to push to as well',
      ),
    ],
    example: 'prompter demo',
    load: async () => (await import('./demo')).demo,
  },
  {
    usage: 'sample',
    about: 'Add the sample templates; existing ones are kept',
    example: 'prompter sample',
    load: async () => (await import('./commands/sample')).install,
  },
  {
    usage: 'templates list',
    about: 'List and search templates, newest first',
    options: [
      option('--label <label>', 'only templates with this label'),
      option('--query <text>', 'words to search for'),
      option('--workspace <id>', 'only in this workspace'),
      option('--archived', 'include archived templates'),
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
    about: 'Create an immutable template from a JSON or YAML file; a duplicate is refused (exit code 3)',
    options: [option('--idempotency-key <key>', 'repeating a key returns the template it created')],
    example: 'prompter templates create refund-triage.yaml',
    load: async () => (await import('./commands/templates')).create,
  },
  {
    usage: 'templates check <file>',
    about: 'Check whether a file would be a duplicate (exit code 3); writes nothing',
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
    usage: 'templates label <template> <label>',
    about: 'Move a label (draft, production, …) to this template',
    options: [option('--remove', 'remove the label instead')],
    example: 'prompter templates label 0198c0de-… production',
    load: async () => (await import('./commands/templates')).label,
  },
  {
    usage: 'templates archive <template>',
    about: 'Archive a template: nothing is deleted, and its configuration can be used again',
    example: 'prompter templates archive 0198c0de-…',
    load: async () => (await import('./commands/templates')).archive,
  },
  {
    usage: 'run <template>',
    about: 'Run a template (id or file) once',
    options: [
      TARGET,
      ...VARIABLES,
      option('--country <code>', 'run for this country'),
      option('--stream', 'show the text as it streams in'),
      option('--timeout <seconds>', 'time out after this long'),
      option('--idempotency-key <key>', 'repeating a key returns the run it started'),
    ],
    example: 'prompter run refund-triage.yaml --target practice-openai:gpt-4o --var order=4711',
    load: async () => (await import('./commands/run')).run,
  },
  {
    usage: 'compare [template]',
    about: 'Run a template (id or file) over inputs × targets × repeats and compare',
    options: [
      repeated('--targets <a,b,c>', 'models to compare, each connection:model or provider:model; repeatable'),
      option(
        '--inputs <file>',
        'input rows: .csv or .tsv with variable names in the first line, .jsonl or .json',
      ),
      option('--replicates <n>', 'runs per input and target (default: 1)'),
      option('--concurrency <n>', 'maximum concurrent calls'),
      option('--out <file>', 'write results as .json, .jsonl, .csv or .html'),
      option('--stream', 'ask providers to stream'),
      option('--budget <usd>', 'stop before spending more than this'),
      option('--name <name>', 'name of the comparison'),
      option('--on-drift <policy>', 'when a model version changes: record (default), pause or stop'),
      option('--progress <style>', 'progress on standard error: bar (default), jsonl or none'),
      option('--resume <batch>', 'resume a comparison'),
      option('--retry-unknown', 'with --resume: resend cells that are in doubt'),
      option('--retry-failed', 'with --resume: retry failed cells'),
    ],
    example:
      'prompter compare triage.yaml --targets practice-openai:gpt-4o,practice-google:gemini-2.0-flash --inputs rows.csv --out results.html',
    load: async () => (await import('./commands/compare')).compare,
  },
  {
    usage: 'batch list',
    about: 'List comparisons, newest first',
    options: [option('--template <id>', 'only for this template'), ...PAGE],
    example: 'prompter batch list',
    load: async () => (await import('./commands/batch')).list,
  },
  {
    usage: 'batch get <batch>',
    about: 'Show one comparison with its counts and totals',
    example: 'prompter batch get 0198c0de-…',
    load: async () => (await import('./commands/batch')).get,
  },
  {
    usage: 'batch cancel <batch>',
    about: 'Cancel whatever a comparison has not run yet',
    example: 'prompter batch cancel 0198c0de-…',
    load: async () => (await import('./commands/batch')).cancel,
  },
  {
    usage: 'versions ensure <template>',
    about: "Probe a template's model once (id or file) and record which version answers",
    options: [TARGET, option('--force', 'probe even if the version is known')],
    example: 'prompter versions ensure 0198c0de-… --target practice-openai:gpt-4o',
    load: async () => (await import('./commands/versions')).ensure,
  },
  {
    usage: 'versions list <template>',
    about: 'List model versions seen with a template, latest first',
    example: 'prompter versions list 0198c0de-…',
    load: async () => (await import('./commands/versions')).list,
  },
  {
    usage: 'versions pin <template> <version>',
    about: 'Pin a template (id or file) to this model version',
    options: [option('--note <text>', 'why')],
    example: 'prompter versions pin 0198c0de-… gpt-4o-2024-08-06 --note "as reviewed"',
    load: async () => (await import('./commands/versions')).pin,
  },
  {
    usage: 'versions unpin <template>',
    about: 'Unpin a template (id or file), so that any model version may answer',
    options: [option('--note <text>', 'why')],
    example: 'prompter versions unpin 0198c0de-…',
    load: async () => (await import('./commands/versions')).unpin,
  },
  {
    usage: 'versions drift',
    about: 'List model version changes under a template, newest first',
    options: [option('--template <id>', 'only for this template'), ...PAGE],
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
    options: [option('--refresh', 'refresh the list from the provider')],
    example: 'prompter providers models practice-openai',
    load: async () => (await import('./commands/providers')).models,
  },
  ...CONNECTION_COMMANDS,
  {
    usage: 'runs list',
    about: 'List runs, newest first',
    options: [
      option('--query <text>', 'search names, prompts and outputs'),
      option('--template <id>', 'only for this template'),
      option('--batch <id>', 'only in this comparison'),
      option('--status <status>', 'status: succeeded, failed, outcome_unknown, …'),
      option('--model <id>', 'only on this model'),
      option('--connection <id>', 'only through this connection'),
      option('--failure <code>', 'failure code: timeout, version_mismatch, …'),
      option('--from <time>', 'started at or after this time'),
      option('--to <time>', 'started before this time'),
      ...PAGE,
    ],
    example: 'prompter runs list --status failed',
    load: async () => (await import('./commands/runs')).list,
  },
  {
    usage: 'runs get <run>',
    about: 'Show one run in full',
    example: 'prompter runs get 0198c0de-…',
    load: async () => (await import('./commands/runs')).get,
  },
  {
    usage: 'runs raw <run>',
    about: "Print the provider's answer, byte for byte",
    options: [option('--out <file>', 'write to a file')],
    example: 'prompter runs raw 0198c0de-… --out answer.json',
    load: async () => (await import('./commands/runs')).raw,
  },
  {
    usage: 'runs reparse <run>',
    about: 'Parse the stored answer again and update everything derived from it; nothing is sent',
    example: 'prompter runs reparse 0198c0de-…',
    load: async () => (await import('./commands/runs')).reparse,
  },
  {
    usage: 'runs rebuild',
    about: "Parse stored answers again and update the runs that today's rules change; nothing is sent",
    options: [
      option('--dry-run', 'show what would change, write nothing'),
      option('--template <id>', 'only for this template'),
      option('--from <time>', 'started at or after this time'),
      option('--to <time>', 'started before this time'),
    ],
    example: 'prompter runs rebuild --dry-run',
    load: async () => (await import('./commands/runs')).rebuild,
  },
  ...REVIEW_COMMANDS,
  {
    usage: 'costs',
    about: 'Show cost, success, latency and tokens of runs; unpriced runs are counted separately',
    options: [
      option('--from <date>', 'first day (default: 30 days are shown)'),
      option('--to <date>', 'last day (default: today)'),
      option('--by <group>', 'day, template, model, connection or batch'),
      option('--time-zone <zone>', 'time zone of the days (default: UTC)'),
      option('--practice', 'show practice runs instead of real ones'),
    ],
    example: 'prompter costs --from 2026-11-01 --by model --time-zone Europe/Berlin',
    load: async () => (await import('./commands/costs')).costs,
  },
  {
    usage: 'hash [file]',
    about: 'Print the canonical form and SHA-256 of a file or of standard input (-)',
    options: [
      option('--kind <kind>', 'number, json, text or template (required)'),
      option('--lines', 'read one JSON-encoded string per line, print one result per line'),
    ],
    example: 'echo \'{"b":1.50,"a":2}\' | prompter hash --kind json',
    load: async () => (await import('./commands/hash')).hash,
  },
  {
    usage: 'simulate',
    about: 'Run the practice provider as a standalone server',
    options: [
      option('--port <port>', 'port to listen on (default: any free port)'),
      option('--script <file>', 'faults to rehearse, as JSON'),
      option('--journal <file>', 'append every request and answer to this file'),
    ],
    example: 'prompter simulate --port 8701 --journal journal.jsonl',
    load: async () => (await import('./commands/simulate')).simulate,
  },
  {
    usage: 'backup [list]',
    about:
      'Back up the store, even while Prompter is running, and check the copy; `list` shows existing backups',
    options: [option('--out <file>', 'file to write (default: a new one in the backups folder)')],
    example: 'prompter backup --out /media/stick/prompter.db',
    load: async () => (await import('./commands/backup')).backup,
  },
  {
    usage: 'restore <file>',
    about:
      'Check a backup (a path, or a name from `backup list`), exit code 0 if it is intact; with --yes, put it in place of the current store, which is kept. Close Prompter first',
    options: [option('--yes', 'replace the store (otherwise the backup is only checked)')],
    example: 'prompter restore prompter-v4-2026-11-20T08-00-00-000Z-manual.db --yes',
    load: async () => (await import('./commands/restore')).restore,
  },
  {
    usage: 'doctor',
    about:
      'Check this installation: runtime, store, keychain, practice provider; exit code 1 if anything is broken',
    example: 'prompter doctor',
    load: async () => (await import('./commands/doctor')).doctor,
  },
  {
    usage: 'audit checkpoint',
    about: 'Sign the audit log as it stands and print the checkpoint, to keep elsewhere',
    example: 'prompter audit checkpoint',
    load: async () => (await import('./commands/audit')).checkpoint,
  },
  {
    usage: 'audit export',
    about:
      'Export the audit log with records, proofs and signed checkpoints, and a Python script that verifies it',
    options: [option('--out <file>', 'file to write, JSON Lines (required)')],
    example: 'prompter audit export --out audit.jsonl',
    load: async () => (await import('./commands/audit')).exportAudit,
  },
  {
    usage: 'audit verify [file]',
    about: 'Verify the store or an exported file; exit code 1 if anything fails',
    options: [option('--key <key>', 'with a file: the key expected to have signed it')],
    example: 'prompter audit verify audit.jsonl',
    load: async () => (await import('./commands/audit')).verify,
  },
  ...SYNC_COMMANDS,
];
