import {
  costInWords,
  failureCodeSchema,
  runStatusSchema,
  timeSchema,
  type RebuildPage,
  type Run,
  REVIEW_DECISIONS,
  shownOutput,
  templateTitle,
} from '../../../../src-shared/domain';
import { print } from '../command';
import { defineCommand, flag, option, text, type CommandGroup } from '../command-spec';
import { OF_TEMPLATE, PAGE } from '../common-options';
import { givenTemplateId } from '../prompt-source';
import { assertWritableFile, writeFileWhole } from '../results';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

const COLUMNS: readonly Column[] = [
  { title: 'run' },
  { title: 'status' },
  { title: 'template', min: 14, keep: 'end', dispensable: 1 },
  { title: 'model', min: 12 },
  { title: 'output', min: 16 },
  { title: 'cost', align: 'right' },
  { title: 'at', dispensable: 2 },
];
const REVIEW: Column = { title: 'review' };

export const list = defineCommand({
  usage: 'runs list',
  about: 'List runs, newest first',
  options: {
    query: text('<text>', 'search names, prompts and outputs'),
    template: OF_TEMPLATE,
    batch: text('<id>', 'only in this comparison'),
    status: option('<status>', 'status: succeeded, failed, outcome_unknown, …', runStatusSchema.optional()),
    model: text('<id>', 'only on this model'),
    connection: text('<id>', 'only through this connection'),
    failure: option('<code>', 'failure code: timeout, version_mismatch, …', failureCodeSchema.optional()),
    from: option('<time>', 'started at or after this time', timeSchema.optional()),
    to: option('<time>', 'started before this time', timeSchema.optional()),
    ...PAGE,
  },
  example: 'prompter runs list --status failed',
  body: async (context, _args, options) => {
    const { client } = await context.session();
    const asked = {
      q: options.query,
      template_id: await givenTemplateId(client, options.template),
      batch_id: options.batch,
      status: options.status,
      model_id: options.model,
      connection_id: options.connection,
      failure_code: options.failure,
      from: options.from,
      to: options.to,
      limit: options.limit,
      cursor: options.cursor,
    };
    let page = await client.runs.list(asked);
    // A first search over many runs takes a while: an answer that leaves some out would be none.
    while (page.unsearched > 0) page = await client.runs.list(asked);
    print(context, page, ({ items, next_cursor }) => {
      // A list in which nobody decided anything has no column for it.
      const isReviewed = items.some(({ review_action }) => review_action !== null);
      const columns = isReviewed ? COLUMNS.toSpliced(2, 0, REVIEW) : COLUMNS;
      const rows = items.map((run) => ({
        cells: [
          run.run_id,
          run.status,
          ...(isReviewed ? [run.review_action === null ? '' : REVIEW_DECISIONS[run.review_action]] : []),
          templateTitle(run),
          run.model_id,
          shownOutput(run) ?? run.failure_message ?? '',
          costInWords(run),
          toTheSecond(run.executed_at),
        ],
      }));
      return `${table(columns, rows, context.terminal.columns)}${moreLine(next_cursor)}`;
    });
  },
});

export const get = defineCommand({
  usage: 'runs get <run>',
  about: 'Show one run in full',
  example: 'prompter runs get 0198c0de-…',
  body: async (context, args) => {
    const { client } = await context.session();
    const run = await client.runs.get({ run_id: args.run });
    print(context, run, (value) => `${inert(JSON.stringify(value, null, 2))}\n`);
  },
});

export const reparse = defineCommand({
  usage: 'runs reparse <run>',
  about: 'Parse the stored answer again and update everything derived from it; nothing is sent',
  example: 'prompter runs reparse 0198c0de-…',
  body: async (context, args) => {
    const { client } = await context.session();
    const run_id = args.run;
    const before = await client.runs.get({ run_id });
    const run = await client.runs.reparse({ run_id });
    print(context, run, ({ status, failure_code, parse_method_used, parse_attempts }) =>
      inert(
        `${run_id}: ${status}${failure_code === null ? '' : ` (${failure_code})`}, parse method: ${parse_method_used ?? 'none'}, attempt ${parse_attempts}\n${changesText(before, run)}`,
      ),
    );
  },
});

/** Differ with every reading. */
const OF_A_READING: ReadonlySet<string> = new Set(['parse_attempts', 'last_parse_attempt_at']);

/** What reading an answer by today's rules made of its run, column by column. */
function changesText(before: Run, after: Run): string {
  const earlier = new Map<string, unknown>(Object.entries(before));
  const lines = Object.entries(after).flatMap(([name, to]) => {
    const from = earlier.get(name);
    const isSame = OF_A_READING.has(name) || JSON.stringify(from) === JSON.stringify(to);
    return isSame ? [] : [changeLine({ name, from, to })];
  });
  return lines.length === 0 ? '  nothing changed\n' : lines.join('');
}

function changeLine({ name, from, to }: { name: string; from?: unknown; to?: unknown }): string {
  return `  ${name}: ${JSON.stringify(from)} → ${JSON.stringify(to)}\n`;
}

/** Page by page: what was written when it is interrupted stays, and the rest is looked at the next time. */
export const rebuild = defineCommand({
  usage: 'runs rebuild',
  about: "Parse stored answers again and update the runs that today's rules change; nothing is sent",
  options: {
    dryRun: flag('show what would change, write nothing'),
    template: OF_TEMPLATE,
    from: option('<time>', 'started at or after this time', timeSchema.optional()),
    to: option('<time>', 'started before this time', timeSchema.optional()),
  },
  example: 'prompter runs rebuild --dry-run',
  body: async (context, _args, { dryRun, template, from, to }) => {
    const { client } = await context.session();
    // A template that nobody knows has no runs, which would look like nothing to do.
    const template_id = await givenTemplateId(client, template);
    if (template_id !== undefined) await client.templates.get({ template_id });
    const total: Omit<RebuildPage, 'next_cursor'> & { dry_run: boolean } = {
      dry_run: dryRun,
      looked_at: 0,
      changed: 0,
      failed: 0,
      changes: [],
      failures: [],
    };
    let cursor: string | undefined;
    do {
      const page = await client.runs.rebuild({
        dry_run: dryRun,
        template_id,
        from,
        to,
        cursor,
        limit: 100,
      });
      total.looked_at += page.looked_at;
      total.changed += page.changed;
      total.failed += page.failed;
      total.changes.push(...page.changes);
      total.failures.push(...page.failures);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    print(context, total, ({ looked_at, changed, failed, changes, failures }) =>
      inert(
        [
          ...changes.map(({ run_id, columns }) => `${run_id}\n${columns.map(changeLine).join('')}`),
          ...failures.map(({ run_id, message }) => `${run_id} could not be parsed: ${message}\n`),
          `${looked_at} checked · ${changed} ${dryRun ? 'would change' : 'changed'} · ${failed} could not be parsed\n`,
        ].join(''),
      ),
    );
    return total.failed === 0 ? 0 : 1;
  },
});

/** The provider's bytes exactly, but on a terminal, which would obey control characters in them. */
export const raw = defineCommand({
  usage: 'runs raw <run>',
  about: "Print the provider's answer, byte for byte",
  options: {
    out: text('<file>', 'write to a file'),
  },
  example: 'prompter runs raw 0198c0de-… --out answer.json',
  body: async (context, args, { out }) => {
    const run_id = args.run;
    if (out !== undefined) await assertWritableFile(out);
    const { client } = await context.session();
    const body = await client.runs.raw({ run_id });
    const bytes = new Uint8Array(await body.arrayBuffer());
    const { terminal, json } = context;
    if (out !== undefined) await writeFileWhole(out, body.stream());
    if (json) {
      const content = out === undefined ? { base64: Buffer.from(bytes).toString('base64') } : { file: out };
      terminal.out(
        `${JSON.stringify({ run_id, content_type: body.type, size: bytes.length, ...content })}\n`,
      );
    } else if (out === undefined) {
      terminal.out(terminal.outIsTty ? `${inert(new TextDecoder().decode(bytes))}\n` : bytes);
    } else {
      terminal.err(`${bytes.length} bytes (${body.type}) in ${out}\n`);
    }
  },
});

export const runs: CommandGroup = {
  name: 'runs',
  about: 'Runs and the raw answers providers sent',
  commands: [list, get, raw, reparse, rebuild],
};
