import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORPCError } from '@orpc/contract';
import type { Batch, Template, Variables } from '../../../../src-shared/domain';
import type { CommandBody, CommandContext } from '../command';
import { follow } from '../compare/execute';
import { createProgress } from '../compare/progress';
import { readRows } from '../compare/read-rows';
import { createTally } from '../compare/summary';
import { cellTable, summaryTable } from '../compare/tables';
import { openSession, type Session } from '../session';
import { clipped, oneLine } from '../cell-text';
import type { Terminal } from '../terminal';

const TARGETS = [
  { provider: 'practice-openai', model_id: 'gpt-4o' },
  { provider: 'practice-anthropic', model_id: 'claude-3-opus-20240229' },
  { provider: 'practice-google', model_id: 'gemini-2.0-flash' },
];
const INPUTS = 2;
const REPLICATES = 2;

/** The main job on a store that is thrown away. Exit code 0 only if every part of it happened. */
export const demo: CommandBody = async ({ terminal, json, version, interruptions }) => {
  const home = mkdtempSync(join(tmpdir(), 'prompter-demo-'));
  const say: Terminal = json ? { ...terminal, out: () => {} } : terminal;
  try {
    const session = await openSession(version, {
      ...process.env,
      PROMPTER_HOME: home,
      PROMPTER_KEYCHAIN: 'session',
      PROMPTER_PROBE_DISABLED: 'false',
    });
    try {
      const sample = await chooseSample(session);
      const compared = await compareSideBySide(session, sample, { terminal: say, interruptions });
      const duplicate_refused = await showDuplicate(session, sample, say);
      const pin_refused = await showPin(session, sample, say);
      const ok = compared && duplicate_refused && pin_refused;
      if (json) terminal.out(`${JSON.stringify({ ok, compared, duplicate_refused, pin_refused })}\n`);
      say.out(ok ? '\nAll of it happened as it should.\n' : '\nNot everything happened as it should.\n');
      return ok ? 0 : 1;
    } finally {
      await session.close();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

interface Sample {
  readonly template: Template;
  readonly inputs: readonly Variables[];
}

/** A sample that answers in text: JSON reads badly in a table. */
async function chooseSample({ client }: Session): Promise<Sample> {
  const { samples } = await client.system.installSample();
  const found = await Promise.all(
    samples.map(async ({ template_id, inputs }) => ({
      template: await client.templates.get({ template_id }),
      inputs: inputs.slice(0, INPUTS),
    })),
  );
  const chosen = found.find(({ template }) => template.response_schema === null) ?? found[0];
  if (!chosen) throw new Error('The sample library is empty.');
  return chosen;
}

async function compareSideBySide(
  { client, core }: Session,
  sample: Sample,
  context: Pick<CommandContext, 'terminal' | 'interruptions'>,
): Promise<boolean> {
  const { terminal } = context;
  const { template, inputs } = sample;
  terminal.out(`Template "${template.name}", ${template.config_sha256}\n`);
  terminal.out(`${clipped(template.user_prompt_template, 96)}\n\n`);
  const { batch_id } = await client.batches.start({
    template_id: template.template_id,
    name: 'Demo',
    targets: TARGETS,
    inputs: [...inputs],
    replicates: REPLICATES,
  });
  const progress = createProgress('none', terminal);
  const { batch } = await follow(core.batches, { batchId: batch_id, progress, isNew: true }, context);
  const rows = [...readRows(core, batch)];
  const tally = createTally(batch);
  for (const { cells } of rows) cells.forEach(tally.add);
  terminal.out(`${cellTable(batch, rows, terminal.columns)}\n`);
  terminal.out(summaryTable(tally.summaries(), terminal.columns));
  const expected = inputs.length * TARGETS.length * REPLICATES;
  return (
    isWhole(batch, expected) &&
    rows.every(({ cells }) => cells.every((cell) => cell.raw_response_sha256 !== null))
  );
}

function isWhole({ status, counts, total }: Batch, expected: number): boolean {
  return status === 'completed' && counts.succeeded === total && total === expected;
}

async function showDuplicate(
  { client }: Session,
  { template }: Sample,
  terminal: Terminal,
): Promise<boolean> {
  terminal.out('\nThe same configuration again, under another name:\n');
  return refused(
    client.templates.create({ ...configurationOf(template), name: 'The same under another name' }),
    'TEMPLATE_DUPLICATE',
    terminal,
  );
}

async function showPin(
  { client }: Session,
  { template, inputs }: Sample,
  terminal: Terminal,
): Promise<boolean> {
  terminal.out('\nA template pinned to a version that the model no longer answers with:\n');
  const [target] = TARGETS;
  const pinned = await client.templates.create({
    ...configurationOf(template),
    name: 'Pinned',
    provider: target?.provider,
    model_id: target?.model_id ?? template.model_id,
    model_version_constraint: 'fp_of_last_year',
  });
  const run = client.runs.start({ template_id: pinned.template_id, variables: inputs[0] ?? {} });
  return refused(run, 'VERSION_MISMATCH', terminal);
}

/** What makes a template a duplicate of another (CANONICAL.md, Template configuration). */
function configurationOf(template: Template) {
  return {
    system_instructions: template.system_instructions,
    user_prompt_template: template.user_prompt_template,
    country_set: template.country_set,
    provider: template.provider,
    model_id: template.model_id,
    inference_params: template.inference_params,
    response_schema: template.response_schema,
    grounding_mode: template.grounding_mode,
    als: template.als,
  };
}

async function refused(call: Promise<unknown>, code: string, terminal: Terminal): Promise<boolean> {
  try {
    await call;
    terminal.out(`  was accepted, but should have been refused with ${code}\n`);
    return false;
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error;
    terminal.out(`  ${error.status} ${error.code}: ${oneLine(error.message)}\n`);
    return error.code === code;
  }
}
