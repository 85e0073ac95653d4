import type { DecidedRequest, LabelDecision, LabelRequest, LabelRule } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import { decodeCursor, pageOf } from '../engine/cursor';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type ListedRow, type StoredRow } from '../engine/stored-rows';
import { labelDecisions, labelRequests, labelRules } from './tables';

const RULE = storedColumns(labelRules, namesOf(labelRules, 'seq'), 'rule_id');
const REQUEST = storedColumns(labelRequests, namesOf(labelRequests, 'seq'), 'request_id');
const DECISION = storedColumns(labelDecisions, namesOf(labelDecisions, 'seq'), 'decision_id');

export function insertLabelRule(tx: WriteDb, rule: LabelRule): void {
  tx.prepare(RULE.insert).run(...RULE.encode(rule));
  appendStored(tx, 'label_rule', rule.rule_id);
  tx.changed('settings', 'label-rules');
}

/** The labels of a workspace that need a second person now. */
export function labelsToApprove(
  db: ReadDb,
  { org_id, workspace_id }: Pick<LabelRule, 'org_id' | 'workspace_id'>,
): readonly string[] {
  const row = db
    .prepare<[string, string], StoredRow>(
      `SELECT ${RULE.list} FROM label_rules WHERE workspace_id = ? AND org_id = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(workspace_id, org_id);
  return row === undefined ? [] : RULE.decode(row).labels;
}

/** The rule in force of each workspace that has one. */
export function listLabelRules(db: ReadDb): LabelRule[] {
  return db
    .prepare<[], StoredRow>(
      `SELECT ${RULE.list} FROM label_rules WHERE seq IN
         (SELECT max(n.seq) FROM label_rules n GROUP BY n.workspace_id, n.org_id) ORDER BY workspace_id, org_id`,
    )
    .all()
    .map(RULE.decode);
}

export function insertLabelRequest(tx: WriteDb, request: LabelRequest): void {
  tx.prepare(REQUEST.insert).run(...REQUEST.encode(request));
  appendStored(tx, 'label_request', request.request_id);
  tx.changed('templates', request.prompt_id);
}

export function getLabelRequest(db: ReadDb, requestId: string): DecidedRequest | undefined {
  const row = db
    .prepare<[string], StoredRow>(`SELECT ${REQUEST.list} FROM label_requests WHERE request_id = ?`)
    .get(requestId);
  return row && withDecision(db, REQUEST.decode(row));
}

/** The requests of a prompt, newest first. */
export function listLabelRequests(
  db: ReadDb,
  promptId: string,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): { items: DecidedRequest[]; next_cursor: string | null } {
  const rows = db
    .prepare<[string, number, number], ListedRow>(
      `SELECT seq, ${REQUEST.list} FROM label_requests WHERE prompt_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    )
    .all(promptId, decodeCursor(page.cursor), page.limit + 1);
  return pageOf(rows, page.limit, (row) => withDecision(db, REQUEST.decode(row)));
}

function withDecision(db: ReadDb, request: LabelRequest): DecidedRequest {
  const decision = db
    .prepare<[string], StoredRow>(`SELECT ${DECISION.list} FROM label_decisions WHERE request_id = ?`)
    .get(request.request_id);
  const version = db
    .prepare<[string | null], number | null>(`SELECT version_number FROM templates WHERE template_id = ?`)
    .pluck()
    .get(request.template_id);
  return {
    ...request,
    version_number: version ?? null,
    decision: decision === undefined ? null : DECISION.decode(decision),
  };
}

export function insertLabelDecision(tx: WriteDb, decision: LabelDecision, promptId: string): void {
  tx.prepare(DECISION.insert).run(...DECISION.encode(decision));
  appendStored(tx, 'label_decision', decision.decision_id);
  tx.changed('templates', promptId);
}
