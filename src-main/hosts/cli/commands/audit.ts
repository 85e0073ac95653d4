import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { AuditReport, BinaryBody } from '../../../../src-shared/contract';
import { restoredInWords } from '../../../../src-shared/domain';
import { toTheSecond } from '../cell-text';
import { print } from '../command';
import { unreadable } from '../files';
import { defineCommand, option, text, type CommandGroup } from '../command-spec';
import { assertWritableFile, writeFileWhole } from '../results';
import { inert } from '../terminal';

const EPHEMERAL = 'a key held only in memory, because there is no keychain';

/** The signed head of the log, to keep where nobody can change it. */
export const checkpoint = defineCommand({
  usage: 'audit checkpoint',
  about: 'Sign the audit log as it stands and print the checkpoint, to keep elsewhere',
  example: 'prompter audit checkpoint',
  body: async (context) => {
    const { client } = await context.session();
    print(context, await client.audit.checkpoint(), ({ note, verifier_key, ephemeral }) =>
      inert(`${note}\nSigned by ${verifier_key}${ephemeral ? `, ${EPHEMERAL}` : ''}\n`),
    );
  },
});

/** The export, and beside it the program that checks it without Prompter. */
export const exportAudit = defineCommand({
  usage: 'audit export',
  about:
    'Export the audit log with records, proofs and signed checkpoints, and a Python script that verifies it',
  options: {
    out: option('<file>', 'file to write, JSON Lines (required)', z.string()),
  },
  example: 'prompter audit export --out audit.jsonl',
  body: async (context, _args, { out }) => {
    await assertWritableFile(out);
    const { client } = await context.session();
    const body = await client.audit.export();
    const { entries, verifier_key, ephemeral } = await writeExport(out, body);
    const verifier = join(dirname(out), 'verify_audit.py');
    await writeFileWhole(verifier, (await client.audit.verifier()).stream());
    print(context, { file: out, verifier, entries, verifier_key, ephemeral }, (result) =>
      inert(
        `${result.entries} entries in ${result.file}; verify them without Prompter using ${result.verifier}.\n` +
          `Signed by ${result.verifier_key}${result.ephemeral ? `, ${EPHEMERAL}` : ''}\n`,
      ),
    );
  },
});

const signedSchema = z.object({ verifier_key: z.string(), ephemeral: z.boolean() });

/** Piece by piece: an export can be larger than memory. @returns what its first lines say */
async function writeExport(
  path: string,
  body: BinaryBody,
): Promise<z.infer<typeof signedSchema> & { entries: number }> {
  await writeFileWhole(path, body.stream(), 0o600);
  let entries = 0;
  let signed = { verifier_key: '', ephemeral: true };
  for await (const line of linesOf(path)) {
    const item: unknown = JSON.parse(line);
    const header = z.object({ kind: z.literal('header'), size: z.number() }).safeParse(item).data;
    if (header) entries = header.size;
    const checkpointLine = signedSchema.safeParse(item).data;
    if (checkpointLine) signed = checkpointLine;
    if (!header && !checkpointLine) break;
  }
  return { ...signed, entries };
}

const READ_AT_ONCE = 1 << 20;

/** Lines end at a line feed and nowhere else: `readline` would also cut at U+2028, which a prompt may hold. */
async function* linesOf(path: string): AsyncGenerator<string, void> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: READ_AT_ONCE })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  yield rest;
}

/** The store, or an exported file. Exit code 1 where anything does not hold. */
export const verify = defineCommand({
  usage: 'audit verify [file]',
  about: 'Verify the store or an exported file; exit code 1 if anything fails',
  options: {
    key: text('<key>', 'with a file: the key expected to have signed it'),
  },
  example: 'prompter audit verify audit.jsonl',
  body: async (context, { file }, { key }) => {
    const report =
      file === undefined
        ? await (await context.session()).client.audit.verify()
        : await (await import('../../../core')).verifyExport(linesOf(file), key);
    print(context, report, textOf);
    return report.ok ? 0 : 1;
  },
});

const SHOWN = 20;

function textOf(report: AuditReport): string {
  const restores = report.restores.map((restore) =>
    inert(`${restoredInWords(restore, toTheSecond(restore.restored_at))}\n`),
  );
  const notes = [...restores, ...report.notes.map((note) => inert(`${note}\n`))].join('');
  if (report.ok) {
    const until = report.verified_to === null ? '' : ` to ${toTheSecond(report.verified_to)}`;
    const hmac = report.hmac_verified === 0 ? '' : `, HMACs checked: ${report.hmac_verified}`;
    return `${report.entries} entries verified${until}, checkpoints: ${report.checkpoints}${hmac}\n${notes}`;
  }
  const lines = report.problems.slice(0, SHOWN).map(({ message }) => inert(`BROKEN ${message}\n`));
  return `${lines.join('')}${notes}NOT VERIFIED: ${report.entries} entries, problems: ${report.problem_count}\n`;
}

export const audit: CommandGroup = {
  name: 'audit',
  about: 'Audit log: sign, export, verify',
  commands: [checkpoint, exportAudit, verify],
};
