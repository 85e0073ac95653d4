import { RECORD_TYPES, recordTypeOf, type RecordType } from '../../../src-shared/domain';

const NAMES: Readonly<Record<RecordType, string>> = {
  template: 'Template created',
  template_archived: 'Template archived',
  prompt_change: 'Prompt changed',
  partial: 'Partial changed',
  asset: 'File stored',
  label: 'Label moved',
  label_rule: 'Label approval rule changed',
  label_request: 'Label move requested',
  label_decision: 'Label move decided',
  pin: 'Pin changed',
  connection: 'Connection added',
  connection_change: 'Connection changed',
  connection_key: 'Connection key set',
  connection_archived: 'Connection archived',
  budget: 'Budget set',
  budget_removed: 'Budget removed',
  price_snapshot: 'Price list used',
  batch: 'Comparison planned',
  batch_lock: 'Comparison version seen',
  batch_lock_accepted: 'Version accepted',
  batch_status: 'Comparison status changed',
  version: 'Version first seen',
  drift: 'Drift',
  run: 'Run sent',
  retry: 'Run sent again',
  attempt: 'No answer received',
  answer: 'Answer received',
  result: 'Run result',
  review: 'Output reviewed',
  restored: 'Restored from a backup',
};

/** The kind in words; a kind from a newer Prompter is shown by its id. */
export function kindName(type: string): string {
  const known = recordTypeOf(type);
  return known === undefined ? type.replaceAll('_', ' ') : NAMES[known];
}

export const KIND_OPTIONS = RECORD_TYPES.map((value) => ({ value, label: NAMES[value] }));

/** The address of the entry's object, if a screen shows it. */
export function addressOf(type: string, id: string): string | null {
  if (type === 'template' || type === 'template_archived') return `#/templates/${id}`;
  if (type === 'run' || type === 'retry' || type === 'result') return `#/runs?run=${id}`;
  if (type === 'batch') return `#/compare/${id}`;
  if (type.startsWith('batch_')) return `#/compare/${id.split('/')[0] ?? id}`;
  if (type.startsWith('connection')) return `#/providers?connection=${id.split('/')[0] ?? id}`;
  return null;
}
