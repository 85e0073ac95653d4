import {
  AppError,
  notFound,
  timestampOf,
  validationError,
  type DecidedRequest,
  type LabelDecision,
  type Template,
  type TemplateLabel,
} from '../../../src-shared/domain';
import type { Clock, Ids, Service } from '../../ports';
import {
  getLabelRequest,
  insertLabelDecision,
  insertLabelMove,
  insertLabelRequest,
  insertLabelRule,
  labelInForce,
  labelsToApprove,
  listLabelRequests,
  listLabelRules,
  promptRow,
  requireTemplate,
  type ReadDb,
  type Store,
  type WriteDb,
} from '../../store';
import { assertInUse, assertNoTrial, assertNoVersionWord } from '../in-use';

/** @throws APPROVAL_REQUIRED if a second person has to approve moves of this label */
export function assertNeedsNoApproval(db: ReadDb, template: Template, label: string): void {
  if (!labelsToApprove(db, template).includes(label)) return;
  throw new AppError(
    'APPROVAL_REQUIRED',
    `A move of "${label}" needs the approval of a second person in this workspace. Request it instead.`,
    { data: { label, template_id: template.template_id } },
  );
}

/** Moves of labels that a second person approves: each request and each decision is a record. */
export function createApprovals({
  store,
  clock,
  ids,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}): Pick<
  Service<'prompts'>,
  'labelRules' | 'setLabelRule' | 'requestLabel' | 'labelRequests' | 'decideLabel'
> {
  const open = (tx: WriteDb, requestId: string): DecidedRequest => {
    const request = getLabelRequest(tx, requestId);
    if (request === undefined) throw notFound('label request', requestId);
    if (request.decision === null) return request;
    const { decision, decided_by } = request.decision;
    throw stateError(
      request,
      `${decided_by} has ${decision === 'withdrawn' ? 'taken it back' : decision + ' it'} already.`,
    );
  };

  const decide = (
    tx: WriteDb,
    request: DecidedRequest,
    decision: Pick<LabelDecision, 'decision' | 'reason' | 'decided_by' | 'move_id'>,
  ): void =>
    insertLabelDecision(
      tx,
      {
        decision_id: ids.uuid(),
        request_id: request.request_id,
        ...decision,
        decided_at: timestampOf(clock.now()),
      },
      request.prompt_id,
    );

  return {
    labelRules: () => ({ items: listLabelRules(store.read) }),

    setLabelRule({ org_id, workspace_id, labels, changed_by }) {
      const sorted = [...new Set(labels)].toSorted();
      store.write((tx) => {
        if (JSON.stringify(labelsToApprove(tx, { org_id, workspace_id })) === JSON.stringify(sorted)) return;
        insertLabelRule(tx, {
          rule_id: ids.uuid(),
          org_id,
          workspace_id,
          labels: sorted,
          changed_at: timestampOf(clock.now()),
          changed_by,
        });
      });
      return { items: listLabelRules(store.read) };
    },

    requestLabel({ template_id, label, remove, note, requested_by }) {
      const template = requireTemplate(store.read, template_id);
      if (!remove) {
        assertNoVersionWord(label);
        assertInUse(store.read, template);
      }
      assertNoTrial(template, 'A label');
      const request_id = ids.uuid();
      store.write((tx) => {
        const pointsHere = labelInForce(tx, { ...template, label })?.template_id === template_id;
        if (remove && !pointsHere) throw notFound('label', label);
        if (!remove && pointsHere) {
          throw validationError([{ path: 'label', message: `"${label}" points to this version already` }]);
        }
        insertLabelRequest(tx, {
          request_id,
          org_id: template.org_id,
          workspace_id: template.workspace_id,
          prompt_id: template.prompt_id,
          label,
          template_id: remove ? null : template_id,
          note,
          requested_at: timestampOf(clock.now()),
          requested_by,
        });
      });
      return known(store.read, request_id);
    },

    labelRequests({ prompt_id, ...page }) {
      if (promptRow(store.read, prompt_id) === undefined) throw notFound('prompt', prompt_id);
      return listLabelRequests(store.read, prompt_id, page);
    },

    decideLabel({ request_id, decision, reason, decided_by }) {
      store.write((tx) => {
        const request = open(tx, request_id);
        if (decision !== 'approved') {
          if (reason === null) throw validationError([{ path: 'reason', message: 'say why' }]);
          decide(tx, request, { decision, reason, decided_by, move_id: null });
          return;
        }
        if (isSamePerson(decided_by, request.requested_by)) {
          throw stateError(
            request,
            `${request.requested_by} asked for it, so somebody else has to approve it.`,
          );
        }
        const move = moveOf(tx, request, ids.uuid(), timestampOf(clock.now()));
        insertLabelMove(tx, move);
        decide(tx, request, { decision, reason, decided_by, move_id: move.move_id });
      });
      return known(store.read, request_id);
    },
  };
}

/** What was asked for, as it can be done now. @throws VALIDATION_FAILED, APPROVAL_STATE */
function moveOf(tx: WriteDb, request: DecidedRequest, move_id: string, moved_at: string): TemplateLabel {
  const { org_id, workspace_id, prompt_id, label, template_id, requested_by } = request;
  if (template_id !== null) {
    assertNoVersionWord(label);
    assertInUse(tx, requireTemplate(tx, template_id));
  }
  const now = labelInForce(tx, request)?.template_id ?? null;
  if (now === template_id)
    throw stateError(request, `"${label}" is there already: refuse the request, or take it back.`);
  return { move_id, org_id, workspace_id, prompt_id, label, template_id, moved_at, moved_by: requested_by };
}

function known(db: ReadDb, requestId: string): DecidedRequest {
  const request = getLabelRequest(db, requestId);
  if (request === undefined) throw notFound('label request', requestId);
  return request;
}

/** However somebody writes the own name. */
function isSamePerson(a: string, b: string): boolean {
  const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
  return plain(a) === plain(b);
}

function stateError({ request_id, label }: DecidedRequest, why: string): AppError {
  return new AppError('APPROVAL_STATE', why, { data: { request_id, label } });
}
