import { hash } from 'node:crypto';
import * as z from 'zod';
import { exportLineSchema, leafSchema, type ExportedEntry, type ExportLine } from './export-format';
import { openNote, type Checkpoint } from './note';
import { problemList, type AuditReport, type ProblemList } from './report';
import { appendLeafHash, EMPTY_RANGE, leafHash, rootOf, verifyInclusion } from './tree';

/**
 * Checks an exported log from its text alone: every leaf, record, proof, the root at every checkpoint and its signature.
 * With `pinnedKey` the last checkpoint must be signed by that key; without it the export vouches for its own key.
 */
export function verifyExport(text: string, pinnedKey?: string): AuditReport {
  const problems = problemList();
  const lines = readLines(text, problems);
  const header = lines[0]?.kind === 'header' ? lines[0] : null;
  if (header === null) problems.add('The first line is not the header of an audit export.');
  if (lines.slice(1).some(({ kind }) => kind === 'header')) problems.add('There is a second header.');
  const checkpoints = openCheckpoints(lines, header?.origin ?? '', problems, pinnedKey);
  const last = checkpoints.at(-1);
  if (!last) problems.add('There is no checkpoint that could be checked.');
  else if (header && last.size !== header.size) {
    problems.add(`The header says ${header.size} entries, the last checkpoint ${last.size}.`);
  }

  const entries = lines.filter((line) => line.kind === 'entry');
  const states = new Map<number, string>();
  let range = EMPTY_RANGE;
  let verifiedTo: string | null = null;
  const compare = (): void => {
    const root = rootOf(range);
    for (const { size, root: signed } of checkpoints) {
      if (size === range.size && !signed.equals(root)) {
        problems.add(
          `The entries up to ${size} do not give the root that was signed: one of them was rewritten.`,
        );
      }
    }
  };
  compare();
  for (const entry of entries) {
    const leaf = leafSchema.safeParse(parsed(entry.leaf)).data;
    const named = {
      seq: entry.seq,
      record_type: leaf?.record_type ?? '?',
      record_id: leaf?.record_id ?? '?',
    };
    const report = (what: string): void => problems.add(`Entry ${entry.seq}: ${what}`, named);
    if (entry.seq !== range.size + 1) report(`it stands where entry ${range.size + 1} belongs.`);
    const digest = leafHash(Buffer.from(entry.leaf));
    range = appendLeafHash(range, digest);
    compare();
    if (!leaf) {
      report('its leaf cannot be read.');
      continue;
    }
    verifiedTo = leaf.created_at;
    if (isState(leaf.record_type)) states.set(entry.seq, leaf.record_id);
    checkRecord(entry, leaf, report);
    const proof = entry.proof.map((sibling) => Buffer.from(sibling, 'base64'));
    const claim = last && { index: entry.seq - 1, size: last.size, leaf: digest, proof, root: last.root };
    if (claim && !verifyInclusion(claim)) report('its proof does not lead to the signed root.');
  }
  for (const { size } of checkpoints) {
    if (size > range.size)
      problems.add(`A checkpoint covers ${size} entries, but there are ${range.size}: some are missing.`);
  }
  checkSuperseded(entries, states, problems);
  return {
    entries: range.size,
    verified_to: verifiedTo,
    checkpoints: checkpoints.length,
    hmac_verified: 0,
    hmac_unverifiable: 0,
    restores: [],
    ...problems.result(),
  };
}

function readLines(text: string, problems: ProblemList): ExportLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line, index) => {
      const result = exportLineSchema.safeParse(parsed(line));
      if (result.success) return [result.data];
      problems.add(`Line ${index + 1} is not one of an audit export.`);
      return [];
    });
}

/** Those whose signature holds, in order. */
function openCheckpoints(
  lines: readonly ExportLine[],
  origin: string,
  problems: ProblemList,
  pinnedKey: string | undefined,
): Checkpoint[] {
  const all = lines.filter((line) => line.kind === 'checkpoint');
  const opened = all.flatMap(({ note, verifier_key }, index) => {
    const checkpoint = openNote(note, verifier_key);
    const isLast = index === all.length - 1;
    if (checkpoint?.origin !== origin)
      problems.add(`The signature of checkpoint ${index + 1} does not hold.`);
    else if (isLast && pinnedKey !== undefined && pinnedKey !== verifier_key) {
      problems.add('The last checkpoint is not signed by the key that was expected.');
    } else return [checkpoint];
    return [];
  });
  opened.forEach(({ size }, index) => {
    if (size < (opened[index - 1]?.size ?? 0)) problems.add('The checkpoints are not in order.');
  });
  return opened;
}

function checkRecord(
  { record, bytes, superseded_by }: ExportedEntry,
  leaf: z.infer<typeof leafSchema>,
  report: (what: string) => void,
): void {
  const name = `the ${leaf.record_type.replace('_', ' ')} ${leaf.record_id}`;
  if (record === null) {
    if (superseded_by === null) report(`${name} is missing.`);
    return;
  }
  if (hash('sha256', record) !== leaf.content_sha256) report(`${name} was changed.`);
  if (leaf.record_type !== 'answer') return;
  const facts = z.object({ bytes_sha256: z.string() }).safeParse(parsed(record)).data;
  if (bytes === null || hash('sha256', Buffer.from(bytes, 'base64')) !== facts?.bytes_sha256) {
    report(`the bytes of ${name} were changed.`);
  }
}

/** Only a later entry about the same run excuses a missing result. */
function checkSuperseded(
  entries: readonly ExportedEntry[],
  states: ReadonlyMap<number, string>,
  problems: ProblemList,
): void {
  const last = entries.length;
  for (const { seq, record, superseded_by } of entries) {
    if (record !== null || superseded_by === null) continue;
    const run = states.get(seq);
    // What came after the checkpoint is not in the file.
    const explained = superseded_by > last || (superseded_by > seq && states.get(superseded_by) === run);
    if (run === undefined || !explained) problems.add(`Entry ${seq}: the record is missing.`);
  }
}

function isState(type: string): boolean {
  return type === 'result' || type === 'retry';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
