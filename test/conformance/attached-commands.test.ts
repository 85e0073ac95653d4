import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { homeForCommands, type CommandHome } from '../support/served-home';
import { temporaryFolder } from '../support/temporary';

const files = mkdtempSync(join(tmpdir(), 'prompter-commands-'));
afterAll(() => rmSync(files, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(files, name);
  writeFileSync(path, text);
  return path;
}

const template = file(
  'greet.yaml',
  'name: Greeting\nmodel_id: gpt-4o\nprovider: practice-openai\nuser_prompt_template: Greet {{ name }}\n',
);
const strict = file(
  'strict.json',
  JSON.stringify({
    name: 'Strict',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    user_prompt_template: 'Give {{ name }}',
    response_schema: { type: 'object', required: ['nothing like it'] },
  }),
);
const rows = file('rows.csv', 'name\nAda\n"Grace, H."\n雪\n');
const targets = 'practice-openai:gpt-4o,practice-google:gemini-2.0-flash';

/** Some eighty commands, on machines that are busy too. */
const TIMEOUT = 900_000;

interface Told {
  readonly command: string;
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A day's work: every kind of command, each by its words, and what it answered. */
async function work({ run }: CommandHome, out: string): Promise<Told[]> {
  const told: Told[] = [];
  const prompter = async (...args: string[]): Promise<string> => {
    const outcome = await run(args);
    told.push({ command: args.filter((word) => /^[a-z]+$/.test(word)).join(' '), ...outcome });
    return outcome.out;
  };
  await prompter('sample');
  const created = JSON.parse(await prompter('templates', 'create', template, '--json'));
  const id: string = created.template_id;
  await prompter('templates', 'create', template);
  await prompter('templates', 'check', template);
  await prompter('templates', 'list', '--query', 'Greeting');
  await prompter('templates', 'get', 'none');
  await prompter('templates', 'list', '--limit', 'many');
  await prompter('templates', 'label', id, 'production');
  await prompter('templates', 'render', id, '--var', 'name=Ada');
  await prompter('run', id, '--var', 'name=Ada', '--stream');
  await prompter('run', id, '--var', 'name=Ada', '--json');
  await prompter('run', id);
  await prompter('run', strict, '--var', 'name=Ada');
  const compare = ['compare', id, '--targets', targets, '--inputs', rows, '--concurrency', '1'];
  await prompter(...compare);
  const compared = JSON.parse(
    await prompter(...compare, '--json', '--progress', 'jsonl', '--out', join(out, 'results.json')),
  );
  await prompter('compare', '--resume', compared.batch_id, '--out', join(out, 'results.csv'));
  await prompter(...compare.with(3, 'practice-openai:gpt-4o@status=500'), '--replicates', '2');
  await prompter('batch', 'list');
  await prompter('batch', 'cancel', compared.batch_id);
  const { items } = JSON.parse(await prompter('runs', 'list', '--json', '--status', 'succeeded'));
  await prompter('runs', 'list', '--query', 'Ada');
  await prompter('runs', 'raw', items[0].run_id);
  await prompter('runs', 'raw', items[0].run_id, '--out', join(out, 'answer.json'));
  await prompter('runs', 'rebuild', '--dry-run');
  await prompter('review', 'list');
  await prompter('review', 'groups');
  await prompter('versions', 'ensure', id, '--force');
  await prompter('versions', 'list', id);
  await prompter('versions', 'drift');
  await prompter('providers', 'list');
  await prompter('connections', 'add', 'mine', '--provider', 'ollama', '--base-url', 'http://127.0.0.1:1/v1');
  await prompter('connections', 'list');
  await prompter('connections', 'test', 'mine', '--list-only');
  await prompter('connections', 'remove', 'mine');
  await prompter('costs', '--practice', '--by', 'model', '--json');
  await prompter('sync', 'status');
  await prompter('sync', 'push');
  await prompter('audit', 'verify');
  await prompter('audit', 'export', '--out', join(out, 'audit.jsonl'));
  await prompter('audit', 'verify', join(out, 'audit.jsonl'));
  await prompter('backup', '--json');
  await prompter('backup', 'list');
  return told;
}

/** What differs from one store to the next, and from one second to the next, is left out. */
function comparable(text: string, out: string, home: string): string {
  return (
    text
      .replaceAll(out, 'OUT')
      .replaceAll(home, 'HOME')
      .replaceAll(/prompter-v\d+-\S+?-manual\.db/g, 'BACKUP')
      .replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
      .replaceAll(/ *\b[\d.]+ ms\b/g, ' N ms')
      .replaceAll(
        /"(\w+_ms|p50|p95|size_bytes|created|created_at|completed_at|openai_\w+_ms)":"?[\d.]+/g,
        '"$1":N',
      )
      .replaceAll(/[\d.]+ MB/g, 'N MB')
      // Whoever closes the store signs its log: a command that runs alone does so each time.
      .replaceAll(/"audit_checkpoints":\d+|checkpoints: \d+|\+[0-9a-f]{8}\+[\w+/=]+/g, 'SIGNED')
      .replaceAll(/^.*(signed by keys|not signed yet).*\n/gm, '')
      .replaceAll(/(req|chatcmpl|resp|msg)[-_][\w-]+/g, 'REQUEST')
      .replaceAll(/ {2,}|─+/g, ' ')
  );
}

test(
  'commands answer the same beside a running Prompter as they do alone, in words, JSON and exit codes',
  async () => {
    const [aloneOut, besideOut] = [temporaryFolder(), temporaryFolder()];
    const alone = homeForCommands();
    const beside = homeForCommands();
    const served = await beside.serve();
    const here = await work(alone, aloneOut);
    const there = await work(beside, besideOut);
    // It never let go of the store: all of this was answered by it.
    expect(served.child.exitCode).toBeNull();
    const told = (list: readonly Told[], folder: string, home: string) =>
      list.map((one) => ({
        ...one,
        out: comparable(one.out, folder, home),
        err: comparable(one.err, folder, home),
      }));
    expect(told(there, besideOut, beside.home)).toEqual(told(here, aloneOut, alone.home));
    const shapeOf = (path: string): string[] => Object.keys(JSON.parse(readFileSync(path, 'utf8')));
    expect(shapeOf(join(besideOut, 'results.json'))).toEqual(shapeOf(join(aloneOut, 'results.json')));
  },
  TIMEOUT,
);
