import { hash } from 'node:crypto';
import * as z from 'zod';
import { recordTypeOf, restoreRecordSchema, type RestoreRecord } from '../../src-shared/domain';
import { stateOf } from '../store';
import { exportLineSchema, leafSchema, type ExportedEntry, type ExportLine } from './export-format';
import { openNote, type Checkpoint } from './note';
import { continuedBy, spanAt } from './restored';
import { problemList, type AuditReport } from './report';
import { appendLeafHash, EMPTY_RANGE, leafHash, rememberingNodeHash, rootOf, verifyInclusion } from './tree';

type CheckpointLine = Extract<ExportLine, { kind: 'checkpoint' }>;
type Leaf = z.infer<typeof leafSchema>;

/**
 * Verifies an exported log from its lines alone, one at a time: each leaf, record and proof, and the root and signature
 * of each checkpoint. With `pinnedKey`, that key must have signed the last checkpoint. Without it, the export vouches
 * for its own key, which proves only that it is intact.
 */
export async function verifyExport(
  lines: Iterable<string> | AsyncIterable<string>,
  pinnedKey?: string,
): Promise<AuditReport> {
  const check = exportCheck(pinnedKey);
  for await (const line of lines) if (line !== '') check.line(line);
  return check.end();
}

function exportCheck(pinnedKey: string | undefined) {
  const problems = problemList();
  const hashOf = rememberingNodeHash();
  let lines = 0;
  let header: Extract<ExportLine, { kind: 'header' }> | null = null;
  let atHead = true;
  const checkpoints: CheckpointLine[] = [];
  const roots = new Map<number, Checkpoint>();
  let signed: Checkpoint | null = null;
  let range = EMPTY_RANGE;
  let holdsTo = 0;
  let rewritten = false;
  let verifiedTo: string | null = null;
  const restores: RestoreRecord[] = [];
  /** Entries without a record, keyed by the later entry said to supersede them. */
  const superseded = new Map<number, { seq: number; subject: string; report: (what: string) => void }[]>();

  const endHead = (): void => {
    atHead = false;
    const opened = checkpoints.map(({ note, verifier_key }, index) => {
      const checkpoint = openNote(note, verifier_key);
      const span =
        checkpoint &&
        spanAt([...(header?.continues ?? []), { log: header?.origin, to: null }], checkpoint.size);
      if (checkpoint && span?.log === checkpoint.origin) return checkpoint;
      problems.add(`The signature of checkpoint ${index + 1} is not valid.`);
      return null;
    });
    for (const [index, checkpoint] of opened.entries()) {
      if (checkpoint && checkpoint.size < (opened[index - 1]?.size ?? 0))
        problems.add('The checkpoints are not in order.');
      if (checkpoint) roots.set(checkpoint.size, checkpoint);
    }
    signed = opened.at(-1) ?? null;
    if (signed === null) problems.add('No checkpoint that covers the whole export could be checked.');
    else if (header && signed.size !== header.size)
      problems.add(`The header says ${header.size} entries, the last checkpoint ${signed.size}.`);
    if (pinnedKey !== undefined && checkpoints.at(-1)?.verifier_key !== pinnedKey) {
      const last = opened[checkpoints.findLastIndex(({ verifier_key }) => verifier_key === pinnedKey)];
      problems.add(
        last && header && header.continues.length > 0
          ? `The expected key signed ${last.size} entries. A backup was restored after that, and later entries are signed by another key.`
          : 'The last checkpoint is not signed by the expected key.',
      );
    }
    compare();
  };

  /** Once entries were rewritten no root matches, so later roots say nothing about the entries in between. */
  const compare = (): void => {
    const checkpoint = roots.get(range.size);
    if (!checkpoint) return;
    roots.delete(range.size);
    if (rewritten) return;
    if (!checkpoint.root.equals(rootOf(range))) {
      rewritten = true;
      problems.add(
        `One of the entries ${holdsTo + 1} to ${range.size} was rewritten: they do not lead to the signed root.`,
        { seq: holdsTo + 1 },
      );
    }
    holdsTo = range.size;
  };

  const checkEntry = (entry: ExportedEntry): void => {
    if (atHead) endHead();
    const leaf = leafSchema.safeParse(parsed(entry.leaf)).data;
    const { seq } = entry;
    const about = { seq, ...(leaf && { record_type: leaf.record_type, record_id: leaf.record_id }) };
    const report = (what: string): void => problems.add(`Entry ${seq}: ${what}`, about);
    if (seq !== range.size + 1) report(`it is where entry ${range.size + 1} belongs.`);
    const digest = leafHash(Buffer.from(entry.leaf));
    range = appendLeafHash(range, digest);
    if (!leaf) report('its leaf cannot be read.');
    else {
      verifiedTo = leaf.created_at;
      const subject = subjectOf(leaf);
      for (const earlier of superseded.get(seq) ?? []) {
        if (earlier.subject !== subject || earlier.seq >= seq) earlier.report('its record is missing.');
      }
      superseded.delete(seq);
      if (entry.record !== null) {
        checkRecord(entry, entry.record, leaf, report);
        if (leaf.record_type === 'restored') checkRestore(seq, entry.record, report);
      } else if (subject === null || entry.superseded_by === null || entry.superseded_by <= seq)
        report(`${nameOf(leaf)} is missing.`);
      else {
        const waiting = superseded.get(entry.superseded_by) ?? [];
        superseded.set(entry.superseded_by, [...waiting, { seq, subject, report }]);
      }
    }
    const proof = entry.proof.map((sibling) => Buffer.from(sibling, 'base64'));
    if (
      signed &&
      !verifyInclusion({ index: seq - 1, size: signed.size, leaf: digest, proof, root: signed.root }, hashOf)
    )
      report('its proof does not lead to the signed root.');
    compare();
  };

  const checkRestore = (seq: number, record: string, report: (what: string) => void): void => {
    const restore = restoreRecordSchema.safeParse(parsed(record)).data;
    if (!restore) return report('the record of a restore cannot be read.');
    restores.push(restore);
    if ((restore.continues_entries ?? seq - 1) !== seq - 1)
      report(`it says that ${restore.continues_entries} entries came before it.`);
  };

  /** The logs in the header must match the restore entries, which the last checkpoint covers. */
  const checkLogs = (): void => {
    const began = restores.filter(({ log }) => log !== null);
    const continued = continuedBy(began);
    const named = header?.continues ?? [];
    if (
      named.length !== continued.length ||
      !continued.every(({ log, to }, index) => named[index]?.log === log && named[index].to === to) ||
      (began.length > 0 && began.at(-1)?.log !== header?.origin)
    )
      problems.add('The header and the restore entries name different logs.');
  };

  return {
    line(text: string): void {
      lines += 1;
      const line = exportLineSchema.safeParse(parsed(text)).data;
      if (!line) problems.add(`Line ${lines} is not part of an audit export.`);
      else if (line.kind === 'entry') checkEntry(line);
      else if (line.kind === 'checkpoint' && atHead) checkpoints.push(line);
      else if (line.kind === 'header' && lines === 1) header = line;
      else problems.add(`Line ${lines} is out of place.`);
    },
    end(): AuditReport {
      if (header === null) problems.add('The first line is not the header of an audit export.');
      if (atHead) endHead();
      checkLogs();
      for (const waiting of superseded.values()) {
        for (const { report } of waiting) report('its record is missing.');
      }
      for (const { size } of roots.values()) {
        problems.add(`A checkpoint covers ${size} entries, but there are ${range.size}: some are missing.`, {
          seq: range.size + 1,
        });
      }
      if (signed && signed.size < range.size)
        problems.add(`Entries after ${signed.size} are not covered by the last checkpoint.`);
      return {
        entries: range.size,
        verified_to: verifiedTo,
        checkpoints: checkpoints.length,
        hmac_verified: 0,
        hmac_unverifiable: 0,
        hmac_missing: 0,
        restores,
        ...problems.result(),
        notes:
          pinnedKey === undefined
            ? ['Signed by the key named in the file itself. Compare it with the one you noted (--key).']
            : [],
      };
    },
  };
}

function checkRecord(
  { bytes }: ExportedEntry,
  record: string,
  leaf: Leaf,
  report: (what: string) => void,
): void {
  if (hash('sha256', record) !== leaf.content_sha256) report(`${nameOf(leaf)} was changed.`);
  if (leaf.record_type !== 'answer') return;
  const facts = z.object({ bytes_sha256: z.string() }).safeParse(parsed(record)).data;
  if (bytes === null || hash('sha256', Buffer.from(bytes, 'base64')) !== facts?.bytes_sha256) {
    report(`the bytes of ${nameOf(leaf)} were changed.`);
  }
}

function nameOf({ record_type, record_id }: Leaf): string {
  return `the ${record_type.replaceAll('_', ' ')} ${record_id}`;
}

/** Identifies the state that an entry is about: only a later entry with the same subject excuses a missing record. */
function subjectOf({ record_type, record_id }: Leaf): string | null {
  const type = recordTypeOf(record_type);
  const state = type === undefined ? null : stateOf(type);
  return state === null ? null : `${state} ${record_id}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
