import * as z from 'zod';
import { ORPCError } from '@orpc/contract';
import {
  amountUsdSchema,
  DRIFT_POLICIES,
  GROUNDING_MODES,
  templateIdsOf,
  type Batch,
  type ComparisonRow,
  type TargetSummary,
  type NamedTemplate,
} from '../../../../src-shared/domain';
import type { InputRows } from '../../../../src-shared/files';
import { meantRows, templateShapes } from '../../../../src-shared/files/variables';
import { isOwnerClosed } from '../attach/owner-closed';
import type { CommandContext } from '../command';
import { follow, type StartedBatch } from '../compare/execute';
import { createProgress, PROGRESS_STYLES } from '../compare/progress';
import { allRows, readRows } from '../compare/read-rows';
import { cellTable, summaryTable } from '../compare/tables';
import { resumable, usageError, type ExitCode } from '../failure';
import { accepted } from '../files';
import { leftOut, readInputs } from '../inputs';
import { defineCommand, flag, option, repeated, text, type ValuesOf } from '../command-spec';
import { wholeNumber } from '../options';
import { assertWritable, formatOf, writeFileWhole } from '../results';
import type { Session } from '../session';
import { crossed, modesOf, printDoubts, printLeftOut, printSame, setsOf } from '../compare/columns';
import { resolveTargets, splitTargets } from '../targets';
import { inert, jsonLine, type Terminal } from '../terminal';
import { findTemplate, printOrigin, type FoundTemplate } from '../template-source';

/** Up to this many answers are shown one by one. */
const CELLS_SHOWN = 30;

const OPTIONS = {
  targets: repeated(
    '<a,b,c>',
    "models to compare, each connection:model or provider:model; repeatable (default: each template's own)",
    z.array(z.string()).default([]),
  ),
  set: repeated(
    '<name=values>',
    'a column with each of these values of a parameter, as in effort=low,high; repeatable',
    z.array(z.string()).default([]),
  ),
  inputs: text('<file>', 'input rows: .csv or .tsv with variable names in the first line, .jsonl or .json'),
  locales: text('<a,b>', 'countries: each row runs once for each of them'),
  modes: text('<a,b>', `grounding modes: ${GROUNDING_MODES.join(', ')}`),
  replicates: option('<n>', 'runs per input and target (default: 1)', wholeNumber(1, 1000).optional()),
  concurrency: option('<n>', 'maximum concurrent calls', wholeNumber(1, 512).optional()),
  out: text('<file>', 'write results as .json, .jsonl, .csv or .html'),
  stream: flag('ask providers to stream'),
  budget: option('<usd>', 'stop before spending more than this', amountUsdSchema.optional()),
  name: text('<name>', 'name of the comparison'),
  onDrift: option(
    '<policy>',
    'when a model version changes: record (default), pause or stop',
    z.enum(DRIFT_POLICIES).optional(),
  ),
  progress: option(
    '<style>',
    'progress on standard error: bar (default), jsonl or none',
    z.enum(PROGRESS_STYLES).default('bar'),
  ),
  resume: text('<batch>', 'resume a comparison'),
  retryUnknown: flag('with --resume: resend cells that are in doubt'),
  retryFailed: flag('with --resume: retry failed cells'),
};
type Options = ValuesOf<typeof OPTIONS>;

export const compare = defineCommand({
  usage: 'compare [templates...]',
  about:
    'Run templates (ids, files, name@label or name@v3) over inputs × models × parameters × repeats and compare',
  options: OPTIONS,
  example: [
    'prompter compare triage.yaml --targets practice-openai:gpt-4o,practice-google:gemini-2.0-flash --inputs rows.csv --out results.html',
    'prompter compare refund-triage@v1 refund-triage@production --set effort=low,high --inputs rows.csv',
  ],
  body: async (context, args, options) => {
    // Fails before anything is spent, not once the results are in.
    if (options.out !== undefined) await assertWritable(options.out);
    const begin =
      options.resume === undefined
        ? await newBatch(context, args.templates, options)
        : resumed(options.resume, args.templates, options);

    const session = await context.session();
    const started = await begin(session);
    try {
      const progress = createProgress(options.progress, context.terminal);
      const { batch, interrupted } = await follow(session.client.batches, started, { ...context, progress });
      await present(context, session, { batch, out: options.out });
      return conclude(context, batch, interrupted);
    } catch (error) {
      if (isOwnerClosed(error)) throw resumable(error, started.batchId);
      throw error;
    }
  },
});

type Begin = (session: Session) => Promise<StartedBatch>;

async function newBatch(
  { terminal }: CommandContext,
  sources: readonly string[],
  options: Options,
): Promise<Begin> {
  const targets = splitTargets(options.targets);
  if (sources.length === 0 || options.inputs === undefined) {
    throw usageError('Give a template and --inputs, or --resume BATCH_ID.');
  }
  if (options.targets.length > 0 && targets.length === 0) throw usageError('--targets names no model.');
  const sets = setsOf(options.set);
  const locales = options.locales?.split(',').map((country) => country.trim());
  const modes = modesOf(options.modes);
  if (options.retryUnknown || options.retryFailed) {
    throw usageError('--retry-unknown and --retry-failed only work with --resume BATCH_ID.');
  }
  const file = options.inputs;
  const inputs = await readInputs(file);

  return async ({ client }) => {
    const found: FoundTemplate[] = [];
    for (const source of sources) found.push(await findTemplate(client, source));
    for (const one of found) printOrigin(terminal, one);
    const [first] = found;
    if (!first) throw new Error('A comparison without a template was let through.');
    warnAboutInputs(terminal, file, inputs, found);
    const shapes = templateShapes(found.map(({ template }) => template));
    const rows = accepted(file, meantRows(inputs.rows, shapes));
    const started = await client.batches.start({
      template_id: first.template.template_id,
      targets: crossed(await resolveTargets(client, targets), sets, found),
      inputs: rows,
      locales,
      modes,
      replicates: options.replicates,
      concurrency: options.concurrency,
      stream: options.stream,
      budget_usd: options.budget,
      drift_policy: options.onDrift,
      name: options.name,
    });
    printDoubts(terminal, started.estimate.parameter_doubts);
    printLeftOut(terminal, started.left_out);
    printSame(terminal, (await client.batches.get({ batch_id: started.batch_id })).targets);
    return { batchId: started.batch_id, done: 0, total: started.total };
  };
}

/** Warns, before anything is sent, about columns of the file that no prompt will contain. */
function warnAboutInputs(
  terminal: Terminal,
  file: string,
  inputs: InputRows,
  found: readonly FoundTemplate[],
): void {
  const empty = leftOut(file, inputs);
  if (empty !== null) terminal.err(`${inert(empty)}\n`);
  const isRead = (name: string): boolean => found.some(({ template }) => template.variables.includes(name));
  const unread = inputs.columns.filter((name) => !isRead(name));
  const who = found.length === 1 ? 'the template does' : 'the templates do';
  if (unread.length > 0) terminal.err(`${inert(`${file}: ${who} not use ${unread.join(', ')}.`)}\n`);
}

function resumed(batchId: string, sources: readonly string[], options: Options): Begin {
  const { targets, set, inputs, locales, modes, replicates, concurrency, budget, name, onDrift } = options;
  const planned = [
    sources[0],
    targets[0],
    set[0],
    inputs,
    locales,
    modes,
    replicates,
    concurrency,
    budget,
    name,
    onDrift,
  ];
  if (options.stream || planned.some((value) => value !== undefined)) {
    throw usageError('--resume continues the comparison as planned: only --out and --retry-… can be added.');
  }
  if (options.retryUnknown && options.retryFailed) {
    throw usageError('Give --retry-unknown or --retry-failed. To do both, run one after the other.');
  }
  return async ({ client: { batches } }) => {
    const { counts, total } = await resume(batches).catch(async (error: unknown) => {
      // Already finished: show its results.
      const batch = isStateError(error) ? await batches.get({ batch_id: batchId }) : null;
      if (batch?.status !== 'completed') throw error;
      return batch;
    });
    return { batchId, done: total - counts.pending - counts.running, total };
  };

  function resume(batches: Session['client']['batches']): Promise<Batch> {
    if (options.retryFailed) return batches.retryFailed({ batch_id: batchId });
    return batches.resume({ batch_id: batchId, retry_unknown: options.retryUnknown });
  }
}

function isStateError(error: unknown): boolean {
  return error instanceof ORPCError && error.code === 'BATCH_STATE';
}

async function present(
  { terminal, json }: CommandContext,
  { client }: Session,
  { batch, out }: { batch: Batch; out: string | undefined },
): Promise<void> {
  const { targets } = await client.batches.summary({ batch_id: batch.batch_id });
  if (out !== undefined) {
    const templates: NamedTemplate[] = [];
    for (const template_id of templateIdsOf(batch))
      templates.push(await client.templates.get({ template_id }));
    await writeResults(out, { batch, templates }, readRows(client, batch), targets);
  }
  if (json) {
    const { batch_id, template_id, status, total, counts, left_out } = batch;
    terminal.out(
      jsonLine({ batch_id, template_id, status, total, counts, targets, left_out, out: out ?? null }),
    );
    return;
  }
  if (batch.total <= CELLS_SHOWN) {
    terminal.out(`${cellTable(batch, await allRows(client, batch), terminal.columns)}\n`);
  }
  terminal.out(summaryTable(targets, terminal.columns));
  if (out !== undefined) terminal.err(`Results: ${out}\n`);
}

async function writeResults(
  out: string,
  source: { batch: Batch; templates: readonly NamedTemplate[] },
  rows: AsyncGenerator<ComparisonRow, void>,
  summaries: readonly TargetSummary[],
): Promise<void> {
  const first = await rows.next();
  const variables = first.done ? [] : Object.keys(first.value.variables);
  const names = [...new Set([...source.batch.variables, ...variables])];
  const format = formatOf(out)({ ...source, variables: names });
  const pieces = async function* (): AsyncGenerator<string, void> {
    yield format.head();
    if (!first.done) yield format.row(first.value);
    for await (const row of rows) yield format.row(row);
    yield format.tail(summaries);
  };
  await writeFileWhole(out, pieces());
}

/**
 * Prints what is missing and how to get it. Exit code 1 where an answer is missing, failed or in doubt: a script must not
 * mistake such a comparison for a complete one. 3 where a rule, such as the budget, stopped it.
 */
function conclude({ terminal }: CommandContext, batch: Batch, interrupted: boolean): ExitCode {
  const { batch_id, status, status_reason, counts, total } = batch;
  const resume = `  prompter compare --resume ${batch_id}`;
  if (status !== 'completed') {
    const reason = interrupted || status_reason === null ? '' : ` ${status_reason}`;
    terminal.err(`The comparison is ${status}.${reason}\n`);
    if (status === 'paused') terminal.err(`To resume:\n${resume}\n`);
  }
  if (counts.failed > 0) {
    terminal.err(`${counts.failed} of ${total} cells failed. To retry them:\n${resume} --retry-failed\n`);
  }
  if (counts.outcome_unknown > 0) {
    terminal.err(
      `${counts.outcome_unknown} of ${total} cells are in doubt: they may have been answered and billed. ` +
        `To resend them:\n${resume} --retry-unknown\n`,
    );
  }
  if (status === 'stopped') return 3;
  if (status !== 'completed' || counts.succeeded !== total) return 1;
  // A pin refused a column, so this is not the comparison that was asked for.
  return batch.left_out.length === 0 ? 0 : 3;
}
