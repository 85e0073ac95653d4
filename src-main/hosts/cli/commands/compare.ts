import * as z from 'zod';
import { ORPCError } from '@orpc/contract';
import {
  amountUsdSchema,
  DRIFT_POLICIES,
  type Batch,
  type ComparisonRow,
  type TargetSummary,
  type Template,
} from '../../../../src-shared/domain';
import type { InputRows } from '../../../../src-shared/files';
import { isOwnerClosed } from '../attach';
import type { CommandBody, CommandContext } from '../command';
import { follow, type StartedBatch } from '../compare/execute';
import { createProgress, PROGRESS_STYLES } from '../compare/progress';
import { allRows, readRows } from '../compare/read-rows';
import { cellTable, summaryTable } from '../compare/tables';
import { resumable, usageError, type ExitCode } from '../failure';
import { leftOut, readInputs } from '../inputs';
import { flag, readOptions, wholeNumber } from '../options';
import { assertWritable, formatOf, writeFileWhole } from '../results';
import type { Session } from '../session';
import { resolveTargets, splitTargets } from '../targets';
import { inert, jsonLine, type Terminal } from '../terminal';
import { findTemplate, printOrigin } from '../template-source';

const optionsSchema = z.object({
  targets: z.array(z.string()).default([]),
  inputs: z.string().optional(),
  replicates: wholeNumber(1, 1000).optional(),
  concurrency: wholeNumber(1, 512).optional(),
  out: z.string().optional(),
  stream: flag,
  budget: amountUsdSchema.optional(),
  name: z.string().optional(),
  onDrift: z.enum(DRIFT_POLICIES).optional(),
  progress: z.enum(PROGRESS_STYLES).default('bar'),
  resume: z.string().optional(),
  retryUnknown: flag,
  retryFailed: flag,
});
type Options = z.output<typeof optionsSchema>;

/** Up to this many answers are shown one by one. */
const CELLS_SHOWN = 30;

export const compare: CommandBody = async (context, args, given) => {
  const options = readOptions(optionsSchema, given);
  // Fails before anything is spent, not once the results are in.
  if (options.out !== undefined) await assertWritable(options.out);
  const begin =
    options.resume === undefined
      ? await newBatch(context, args, options)
      : resumed(options.resume, args, options);

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
};

type Begin = (session: Session) => Promise<StartedBatch>;

async function newBatch(
  { terminal }: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<Begin> {
  const [source] = args;
  const targets = splitTargets(options.targets);
  if (source === undefined || targets.length === 0 || options.inputs === undefined) {
    throw usageError('Give a template, --targets and --inputs, or --resume BATCH_ID.');
  }
  if (options.retryUnknown || options.retryFailed) {
    throw usageError('--retry-unknown and --retry-failed only work with --resume BATCH_ID.');
  }
  const file = options.inputs;
  const inputs = await readInputs(file);

  return async ({ client }) => {
    const { template, origin } = await findTemplate(client, source);
    printOrigin(terminal, template, origin);
    warnAboutInputs(terminal, file, inputs, template);
    const started = await client.batches.start({
      template_id: template.template_id,
      targets: await resolveTargets(client, targets),
      inputs: inputs.rows,
      replicates: options.replicates,
      concurrency: options.concurrency,
      stream: options.stream,
      budget_usd: options.budget,
      drift_policy: options.onDrift,
      name: options.name,
    });
    return { batchId: started.batch_id, done: 0, total: started.total };
  };
}

/** Warns, before anything is sent, about columns of the file that no prompt will contain. */
function warnAboutInputs(terminal: Terminal, file: string, inputs: InputRows, template: Template): void {
  const empty = leftOut(file, inputs);
  if (empty !== null) terminal.err(`${inert(empty)}\n`);
  const unread = inputs.columns.filter((name) => !template.variables.includes(name));
  if (unread.length > 0)
    terminal.err(`${inert(`${file}: the template does not use ${unread.join(', ')}.`)}\n`);
}

function resumed(batchId: string, args: readonly string[], options: Options): Begin {
  const { targets, inputs, replicates, concurrency, budget, name, onDrift } = options;
  const planned = [args[0], targets[0], inputs, replicates, concurrency, budget, name, onDrift];
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
    const template = await client.templates.get({ template_id: batch.template_id });
    await writeResults(out, { batch, template }, readRows(client, batch), targets);
  }
  if (json) {
    const { batch_id, template_id, status, total, counts } = batch;
    terminal.out(jsonLine({ batch_id, template_id, status, total, counts, targets, out: out ?? null }));
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
  source: { batch: Batch; template: Template },
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
  return status === 'completed' && counts.succeeded === total ? 0 : 1;
}
