import type { SampleComparison, Template, Variables } from '../../../../src-shared/domain';
import { clipped } from '../cell-text';
import type { CommandContext } from '../command';
import { follow } from '../compare/execute';
import { createProgress } from '../compare/progress';
import { allRows } from '../compare/read-rows';
import { cellTable, summaryTable } from '../compare/tables';
import type { Session } from '../session';
import { showFindings } from './findings';

export interface SampleToShow {
  readonly template: Template;
  readonly inputs: readonly Variables[];
  readonly comparison: SampleComparison;
}

/** The sample that a new user compares models with. */
export async function chooseSample({ client }: Session): Promise<SampleToShow> {
  const { samples } = await client.system.installSample();
  for (const { template_id, inputs, comparison } of samples) {
    if (comparison === null) continue;
    return { template: await client.templates.get({ template_id }), inputs, comparison };
  }
  throw new Error('No sample defines a comparison.');
}

/** One template on three models with repeats; true where all of it happened that the sample was written to show. */
export async function compareSideBySide(context: CommandContext, sample: SampleToShow): Promise<boolean> {
  const { terminal } = context;
  const { client } = await context.session();
  const { template, inputs, comparison } = sample;
  terminal.out(`Template "${template.name}", ${template.config_sha256}\n`);
  terminal.out(`${clipped(template.system_instructions, 96)}\n\n`);
  const { batch_id, total } = await client.batches.start({
    ...comparison,
    template_id: template.template_id,
    name: 'Demo',
    inputs: [...inputs],
  });
  const progress = createProgress('none', terminal);
  const started = { batchId: batch_id, done: 0, total };
  const { batch } = await follow(client.batches, started, { ...context, progress });
  const rows = await allRows(client, batch);
  const { targets } = await client.batches.summary({ batch_id });
  terminal.out(`${cellTable(batch, rows, terminal.columns)}\n`);
  terminal.out(summaryTable(targets, terminal.columns));
  const isKept = rows.every(({ cells }) => cells.every((cell) => cell.raw_response_sha256 !== null));
  return batch.status === 'completed' && isKept && (await showFindings(context, batch, rows));
}
