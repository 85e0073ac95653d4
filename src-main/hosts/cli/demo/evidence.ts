import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { exportAudit, verify } from '../commands/audit';
import { costs } from '../commands/costs';
import type { CommandContext } from '../command';
import { inert } from '../terminal';

/** What the comparison would have cost, model by model. */
export async function showCosts(context: CommandContext): Promise<boolean> {
  context.terminal.out('\nWhat it would have cost: practice runs are priced like the models they simulate\n');
  await costs.run(context, [], { by: 'model', practice: true });
  const { client } = await context.session();
  const { totals } = await client.insight.costs({ simulated: true, group_by: 'model' });
  return totals.runs > 0;
}

/** The audit log of all this: checked here, exported, and checked again by the exported program without Prompter. */
export async function showAudit(context: CommandContext, folder: string): Promise<boolean> {
  context.terminal.out('\nThe audit log of this demo: verified, exported, and the export verified\n');
  const file = join(folder, 'audit.jsonl');
  const here = await verify.run(context, [], {});
  await exportAudit.run(context, [], { out: file });
  const exported = await verify.run(context, [file], {});
  const apart = await python(context, join(folder, 'verify_audit.py'), file);
  return [here, exported, apart].every((code) => code === 0);
}

/** Where there is no Python the second opinion is left out, and that is said. */
async function python({ terminal }: CommandContext, program: string, file: string): Promise<number> {
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
    execFile('python3', [program, file], (error, told, complained) => {
      const missing = error?.code === 'ENOENT';
      resolve({ code: missing ? null : error === null ? 0 : 1, output: told + complained });
    });
  });
  terminal.out(
    code === null
      ? 'python3 is not installed, so the exported script was not run\n'
      : `${inert(output.trim())}\n`,
  );
  return code ?? 0;
}
