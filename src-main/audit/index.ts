import type { NamedRead } from '../store';
import { findEntries, findProof } from './entries';
import { writeEntries } from './export';
import { verifyCopy } from './verify-copy';
import { verifyLog } from './verify-log';

export { adoptRecords } from './adopt';
export { readHead } from './head';
export { createSealing, logOrigin } from './keys';
export type { Sealing } from './keys';
export type { AuditReport } from './report';
export { logSpans, spanAt } from './restored';
export type { LogSpan } from './restored';
export { createAudit } from './service';
export type { Audit } from './service';
export { verifyCopy } from './verify-copy';
export { verifyExport } from './verify-export';

/** Reads slow enough to need a thread of their own. */
export const AUDIT_READS: readonly NamedRead[] = [
  verifyLog,
  verifyCopy,
  writeEntries,
  findEntries,
  findProof,
];

const files = import.meta.glob<string>('../../resources/verify_audit.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The verifier shipped with every export: Python, standard library only. */
export const PYTHON_VERIFIER: string = Object.values(files).join('');
