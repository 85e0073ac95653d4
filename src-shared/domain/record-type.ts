import * as z from 'zod';

/**
 * What an entry of the audit log can be about. One record has several over time: what was asked, what was answered, that
 * it was archived. What each kind is: `store/audit-log/kinds.ts`; what it is called: `features/audit/names.ts`.
 */
export const RECORD_TYPES = [
  'template',
  'template_archived',
  'prompt_change',
  'partial',
  'asset',
  'label',
  'label_rule',
  'label_request',
  'label_decision',
  'pin',
  'connection',
  'connection_change',
  'connection_key',
  'connection_archived',
  'budget',
  'budget_removed',
  'price_snapshot',
  'batch',
  'batch_lock',
  'batch_lock_accepted',
  'batch_status',
  'version',
  'drift',
  'run',
  'retry',
  'attempt',
  'answer',
  'result',
  'review',
  'restored',
] as const;
export const recordTypeSchema = z.enum(RECORD_TYPES);
export type RecordType = z.infer<typeof recordTypeSchema>;

/** Undefined for a type of a newer Prompter, or an unknown one. */
export function recordTypeOf(name: unknown): RecordType | undefined {
  return RECORD_TYPES.find((known) => known === name);
}
