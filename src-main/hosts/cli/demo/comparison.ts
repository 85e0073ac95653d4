import type { Batch, Template, Variables } from '../../../../src-shared/domain';
import { clipped } from '../cell-text';
import type { CommandContext } from '../command';
import { follow } from '../compare/execute';
import { createProgress } from '../compare/progress';
import { readRows } from '../compare/read-rows';
import { summarise } from '../compare/summary';
import { cellTable, summaryTable } from '../compare/tables';
import type { Session } from '../session';

const TARGETS = [
  { provider: 'practice-openai', model_id: 'gpt-4o' },
  { provider: 'practice-anthropic', model_id: 'claude-3-opus-20240229' },
  { provider: 'practice-google', model_id: 'gemini-2.0-flash' },
];
const INPUTS = 2;
const REPLICATES = 2;

export interface Sample {
  readonly template: Template;
  readonly inputs: readonly Variables[];
}

/** A sample that answers in text: JSON reads badly in a table. */
export async function chooseSample({ client }: Session): Promise<Sample> {
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

/** One template on three models with repeats; true where every cell has an answer whose bytes are kept. */
export async function compareSideBySide(context: CommandContext, sample: Sample): Promise<boolean> {
  const { terminal } = context;
  const { client, core } = await context.session();
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
  terminal.out(`${cellTable(batch, rows, terminal.columns)}\n`);
  terminal.out(summaryTable(summarise(batch, core.batches.cells(batch_id)), terminal.columns));
  const expected = inputs.length * TARGETS.length * REPLICATES;
  return (
    isWhole(batch, expected) &&
    rows.every(({ cells }) => cells.every((cell) => cell.raw_response_sha256 !== null))
  );
}

function isWhole({ status, counts, total }: Batch, expected: number): boolean {
  return status === 'completed' && counts.succeeded === total && total === expected;
}
