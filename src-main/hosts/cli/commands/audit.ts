import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { PYTHON_VERIFIER, verifyExport } from '../../../core';
import type { AuditReport } from '../../../../src-shared/contract';
import { toTheSecond } from '../cell-text';
import { print, type CommandBody } from '../command';
import { readOptions } from '../options';
import { inert } from '../terminal';

/** The export, and beside it the program that checks it without Prompter. */
export const exportAudit: CommandBody = async (context, _args, given) => {
  const { out } = readOptions(z.object({ out: z.string() }), given);
  const { client } = await context.session();
  const body = await client.audit.export();
  const { size, verifier_key, ephemeral } = await client.audit.checkpoint();
  await writeFile(out, new Uint8Array(await body.arrayBuffer()));
  const verifier = join(dirname(out), 'verify_audit.py');
  await writeFile(verifier, PYTHON_VERIFIER);
  print(context, { file: out, verifier, entries: size, verifier_key, ephemeral }, (result) =>
    inert(
      `${result.entries} entries in ${result.file}; ${result.verifier} checks them without Prompter.\n` +
        `Signed by ${result.verifier_key}${result.ephemeral ? ', a key of this session only: there is no keychain' : ''}\n`,
    ),
  );
};

/** The store, or an exported file. Exit code 1 where anything does not hold. */
export const verify: CommandBody = async (context, [file], given) => {
  const { key } = readOptions(z.object({ key: z.string().optional() }), given);
  const report =
    file === undefined
      ? await (await context.session()).client.audit.verify()
      : verifyExport(await readFile(file, 'utf8'), key);
  print(context, report, textOf);
  return report.ok ? 0 : 1;
};

const SHOWN = 20;

function textOf(report: AuditReport): string {
  const restored = report.restores.map(({ restored_at, from_file, previous_entries }) =>
    inert(
      `Restored from ${from_file} on ${toTheSecond(restored_at)}: what the log of ${previous_entries ?? 'unknown'} entries had beyond it was given up.\n`,
    ),
  );
  if (report.ok) {
    const until = report.verified_to === null ? '' : ` to ${toTheSecond(report.verified_to)}`;
    const hmac = report.hmac_verified === 0 ? '' : `, HMACs checked: ${report.hmac_verified}`;
    const open =
      report.hmac_unverifiable === 0 ? '' : `, HMACs without their key: ${report.hmac_unverifiable}`;
    return `${restored.join('')}${report.entries} entries verified${until}, checkpoints: ${report.checkpoints}${hmac}${open}\n`;
  }
  const lines = report.problems.slice(0, SHOWN).map(({ message }) => inert(`BROKEN ${message}\n`));
  return `${restored.join('')}${lines.join('')}NOT VERIFIED: ${report.entries} entries, problems: ${report.problem_count}\n`;
}
