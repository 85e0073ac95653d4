import { RECORD_TYPES, type RecordType } from '../../../src-shared/domain';
import {
  getRawResponse,
  KINDS,
  rowsOf,
  sentRequest,
  type Kind,
  type ReadDb,
  type SharedType,
} from '../../store';
import type { ColumnType, ColumnValue } from './binary-array';

/**
 * A table of the team database, without the columns that all have: `org_id`, `installation_id` (the name of the audit
 * log with the record's entry), `record` and `record_sha256`.
 */
export interface TeamTable {
  readonly name: string;
  /**
   * In addition to `org_id`. Includes `installation_id` if two logs with a common past can disagree about the record.
   */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/** What is known about a record when it is pushed. */
export interface Source {
  readonly db: ReadDb;
  readonly id: string;
  readonly leaf_seq: number;
}

/** One kind of record in the team database. Its content is what the audit log covers. */
export interface RecordKind {
  readonly table: TeamTable;
  /** Columns that are not fields of the record. */
  readonly more?: (source: Source) => Readonly<Record<string, ColumnValue>>;
  /** Another record may have replaced it before the push. */
  readonly superseded: boolean;
  /** The record is JSON text whose fields are not columns here. */
  readonly text: boolean;
  /** The local table to count; null if the counts need not match. */
  readonly counted: string | null;
}

/** Which of a record's fields are columns. */
type Columns = Omit<TeamTable, 'name'> & Pick<RecordKind, 'more'>;

const text = (...names: string[]): Record<string, ColumnType> =>
  Object.fromEntries(names.map((name) => [name, 'text']));

const RUN_RESULTS = {
  key: ['run_id', 'result_no', 'installation_id'],
  columns: {
    ...text(
      'run_id',
      'kind',
      'attempt_id',
      'status',
      'failure_code',
      'evidence_grade',
      'response_output_sha256',
    ),
    result_no: 'bigint',
    input_tokens: 'bigint',
    output_tokens: 'bigint',
    cost_picodollars: 'bigint',
    latency_ms: 'double precision',
  },
} as const;

/** Every shared kind of the registry (`store/audit-log/kinds.ts`), with its table in `migrations/postgres`. */
const COLUMNS: Readonly<Record<SharedType, Columns>> = {
  template: {
    key: ['template_id'],
    columns: text('template_id', 'workspace_id', 'config_sha256', 'created_at'),
  },
  template_archived: {
    key: ['template_id', 'installation_id'],
    columns: text('template_id', 'deleted_at'),
  },
  prompt_change: {
    key: ['change_id'],
    columns: text('change_id', 'workspace_id', 'prompt_id', 'changed_at'),
  },
  pin: {
    key: ['pin_id'],
    columns: text('pin_id', 'workspace_id', 'template_id', 'pinned_at'),
  },
  label: {
    key: ['move_id'],
    columns: text('move_id', 'workspace_id', 'label', 'template_id', 'moved_at'),
  },
  version: {
    key: ['version_id'],
    columns: text(
      'version_id',
      'workspace_id',
      'template_id',
      'provider',
      'model_id',
      'evidence_grade',
      'first_seen_at',
    ),
  },
  drift: {
    key: ['drift_id'],
    columns: text('drift_id', 'workspace_id', 'template_id', 'provider', 'model_id', 'seen_at'),
  },
  run: {
    key: ['run_id'],
    columns: {
      ...text(
        'run_id',
        'workspace_id',
        'template_id',
        'batch_id',
        'provider',
        'model_id',
        'executed_at',
        'rendered_prompt_sha256',
      ),
      simulated: 'bigint',
    },
  },
  result: { ...RUN_RESULTS, more: ({ leaf_seq }) => ({ result_no: leaf_seq, kind: 'result' }) },
  retry: { ...RUN_RESULTS, more: ({ leaf_seq }) => ({ result_no: leaf_seq, kind: 'retry' }) },
  answer: {
    key: ['attempt_id', 'installation_id'],
    columns: {
      ...text('attempt_id', 'run_id', 'sha256', 'stored_at', 'headers', 'bytes_sha256'),
      http_status: 'bigint',
      size: 'bigint',
      complete: 'bool',
      request: 'bytea',
      bytes: 'bytea',
    },
    more: ({ db, id }) => answerParts(db, id),
  },
  review: {
    key: ['review_id'],
    columns: text('review_id', 'workspace_id', 'run_id', 'action', 'raw_response_sha256', 'created_at'),
  },
  restored: {
    key: ['restore_id'],
    columns: {
      ...text('restore_id', 'restored_at', 'log', 'continues_log', 'previous_log'),
      continues_entries: 'bigint',
    },
    more: ({ id }) => ({ restore_id: id }),
  },
};

/** Shared kinds by record type. */
export const RECORD_KINDS: Readonly<Record<string, RecordKind>> = sharedKinds();

function sharedKinds(): Record<string, RecordKind> {
  const shared: Partial<Record<RecordType, Columns>> = COLUMNS;
  /** Two kinds can share a table. */
  const tables = new Map<string, TeamTable>();
  const kinds: Record<string, RecordKind> = {};
  for (const type of RECORD_TYPES) {
    const kind: Kind = KINDS[type];
    if (!shared[type] || kind.team === undefined) continue;
    const { more, ...columns } = shared[type];
    const table = tables.get(kind.team) ?? { name: kind.team, ...columns };
    tables.set(kind.team, table);
    kinds[type] = {
      table,
      ...(more && { more }),
      superseded: kind.state !== undefined && kind.table !== null,
      text: kind.text === true,
      counted: rowsOf(kind),
    };
  }
  return kinds;
}

/** The audit log entry, pushed with the record that it is about. */
export const AUDIT_LEAF: RecordKind = {
  counted: 'audit_leaves',
  superseded: false,
  text: false,
  table: {
    name: 'audit_leaves',
    key: ['installation_id', 'seq'],
    columns: { ...text('record_type', 'record_id', 'content_sha256', 'created_at'), seq: 'bigint' },
  },
};

function answerParts(db: ReadDb, attemptId: string): Readonly<Record<string, ColumnValue>> {
  const raw = getRawResponse(db, attemptId);
  const attempt = db
    .prepare<[string], { run_id: string }>(`SELECT run_id FROM attempts WHERE attempt_id = ?`)
    .get(attemptId);
  if (!raw || !attempt) throw new Error(`There is no answer ${attemptId}.`);
  const request = sentRequest(db, attemptId);
  return {
    run_id: attempt.run_id,
    headers: JSON.stringify(raw.headers),
    request: request === null ? null : Buffer.from(request, 'utf8'),
    bytes: raw.bytes,
  };
}
