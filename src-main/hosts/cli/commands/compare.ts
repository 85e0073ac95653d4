import * as z from 'zod';
import { ORPCError } from '@orpc/contract';
import type { Batch, Template, Variables } from '../../../../src-shared/domain';
import type { CommandBody, CommandContext } from '../command';
import { follow } from '../compare/execute';
import { createProgress, PROGRESS_STYLES } from '../compare/progress';
import { readRows, type ResultRow } from '../compare/read-rows';
import { createTally, type TargetSummary } from '../compare/summary';
import { cellTable, summaryTable } from '../compare/tables';
import { wrongUse, type ExitCode } from '../failure';
import { readInputs } from '../inputs';
import { flag, readOptions, wholeNumber } from '../options';
import { formatOf, writeFileWhole } from '../results';
import type { Session } from '../session';
import { resolveTargets } from '../targets';
import { findTemplate } from '../template-source';

const optionsSchema = z.object({
  targets: z.string().optional(),
  inputs: z.string().optional(),
  replicates: wholeNumber(1, 1000).optional(),
  concurrency: wholeNumber(1, 512).optional(),
  out: z.string().optional(),
  stream: flag,
  budget: z
    .string()
    .regex(/^\d+(\.\d{1,12})?$/, 'must be an amount in USD such as 2.50')
    .optional(),
  name: z.string().optional(),
  progress: z.enum(PROGRESS_STYLES).default('bar'),
  resume: z.string().optional(),
  retryUnknown: flag,
});
type Options = z.output<typeof optionsSchema>;

/** Comparisons up to this many answers are shown one by one. */
const CELLS_SHOWN = 30;

export const compare: CommandBody = async (context, args, given) => {
  const options = readOptions(optionsSchema, given);
  // Said before anything is spent, not when the results are there.
  if (options.out !== undefined) formatOf(options.out);
  const begin =
    options.resume === undefined
      ? await newBatch(context, args, options)
      : resumed(options.resume, args, options);

  const session = await context.session();
  const batchId = await begin(session);
  const progress = createProgress(options.progress, context.terminal);
  const { batch, interrupted } = await follow(session, batchId, progress, context.terminal);
  const template = await session.client.templates.get({ template_id: batch.template_id });
  await present(context, session, { batch, template, out: options.out });
  if (batch.status !== 'completed') {
    const reason = batch.status_reason === null ? '' : `: ${batch.status_reason}`;
    context.terminal.err(`The comparison is ${batch.status}${interrupted ? '' : reason}. To go on:\n`);
    context.terminal.err(`  prompter compare --resume ${batchId}\n`);
  }
  return exitCodeOf(context, batch);
};

type Begin = (session: Session) => Promise<string>;

async function newBatch(
  { terminal }: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<Begin> {
  const [source] = args;
  if (source === undefined || options.targets === undefined || options.inputs === undefined) {
    throw wrongUse('Give a template, --targets and --inputs, or --resume BATCH_ID.');
  }
  const targets = options.targets.split(',').map((target) => target.trim());
  const inputs: Variables[] = [];
  for await (const input of readInputs(options.inputs)) inputs.push(input);
  if (inputs.length === 0) throw wrongUse(`${options.inputs}: there is no row in it.`);

  return async ({ client }) => {
    const { template, origin } = await findTemplate(client, source);
    if (origin === 'existing') {
      terminal.err(`This configuration is there already: using template ${template.template_id}.\n`);
    }
    const started = await client.batches.start({
      template_id: template.template_id,
      targets: await resolveTargets(client, targets),
      inputs,
      replicates: options.replicates,
      concurrency: options.concurrency,
      stream: options.stream,
      budget_usd: options.budget,
      name: options.name,
    });
    return started.batch_id;
  };
}

function resumed(batchId: string, args: readonly string[], options: Options): Begin {
  if (args.length > 0 || options.targets !== undefined || options.inputs !== undefined) {
    throw wrongUse('--resume goes on with the batch as it was planned: give no template, targets or inputs.');
  }
  return async ({ client }) => {
    try {
      await client.batches.resume({ batch_id: batchId, retry_unknown: options.retryUnknown });
    } catch (error) {
      const { status } = await client.batches.get({ batch_id: batchId });
      // Asked to finish what is finished: its results are the answer.
      const finished = error instanceof ORPCError && error.code === 'BATCH_STATE' && status === 'completed';
      if (!finished) throw error;
    }
    return batchId;
  };
}

async function present(
  { terminal, json }: CommandContext,
  { core }: Session,
  { batch, template, out }: { batch: Batch; template: Template; out: string | undefined },
): Promise<void> {
  const tally = createTally(batch);
  const shown: ResultRow[] = [];
  const showCells = !json && batch.total <= CELLS_SHOWN;
  const rows = function* (): Generator<ResultRow, void> {
    for (const row of readRows(core, batch)) {
      row.cells.forEach(tally.add);
      if (showCells) shown.push(row);
      yield row;
    }
  };
  if (out === undefined) for (const _row of rows());
  else await writeResults(out, { batch, template }, rows(), tally.summaries);

  const targets = tally.summaries();
  if (json) {
    const { batch_id, template_id, status, total, counts } = batch;
    terminal.out(
      `${JSON.stringify({ batch_id, template_id, status, total, counts, targets, out: out ?? null })}\n`,
    );
    return;
  }
  if (showCells) terminal.out(`${cellTable(batch, shown)}\n`);
  terminal.out(summaryTable(targets));
  if (out !== undefined) terminal.err(`Results: ${out}\n`);
}

async function writeResults(
  out: string,
  source: { batch: Batch; template: Template },
  rows: Generator<ResultRow, void>,
  summaries: () => TargetSummary[],
): Promise<void> {
  const first = rows.next();
  const variables = first.done ? [] : Object.keys(first.value.variables);
  const names = [...new Set([...source.batch.variables, ...variables])];
  const format = formatOf(out)({ ...source, variables: names });
  const pieces = function* (): Generator<string, void> {
    yield format.head();
    if (!first.done) yield format.row(first.value);
    for (const row of rows) yield format.row(row);
    yield format.tail(summaries());
  };
  await writeFileWhole(out, pieces());
}

/** 1 where an answer is missing, failed or in doubt: a script must not take such a comparison for a whole one. */
function exitCodeOf({ terminal }: CommandContext, { batch_id, status, counts, total }: Batch): ExitCode {
  if (counts.failed > 0) terminal.err(`${counts.failed} of ${total} cells failed.\n`);
  if (counts.outcome_unknown > 0) {
    terminal.err(
      `${counts.outcome_unknown} of ${total} cells are in doubt: they may have been answered and billed. ` +
        `To send them again: prompter compare --resume ${batch_id} --retry-unknown\n`,
    );
  }
  return status === 'completed' && counts.succeeded === total ? 0 : 1;
}
