export { readHead } from './head';
export { createSealing, logOrigin } from './keys';
export type { Sealing } from './keys';
export type { AuditProblem, AuditReport } from './report';
export { createAudit } from './service';
export type { Audit, SignedCheckpoint } from './service';
export { verifyExport } from './verify-export';

const files = import.meta.glob<string>('../../resources/verify_audit.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The verifier that goes with every export: Python, of its standard library only. */
export const PYTHON_VERIFIER: string = Object.values(files).join('');
