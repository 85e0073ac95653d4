import {
  notFound,
  textsOfMessages,
  type Template,
  type TemplateLabel,
  timestampOf,
} from '../../src-shared/domain';
import type { Clock, Ids, Service } from '../ports';
import {
  archiveTemplate,
  countTemplates,
  findActiveTemplateByConfig,
  insertLabelMove,
  labelInForce,
  listAncestors,
  listChildren,
  listLabels,
  listTemplates,
  named,
  promptNameFor,
  recordOfKey,
  requireSummary,
  requireTemplate,
  takeKey,
  type Store,
  type WriteDb,
} from '../store';
import { beyondHash } from './beyond-hash';
import { configSha256, effectiveOf, frozenContent, newTemplateOf, storeTemplate } from './create';
import { renderedSource } from './draft';
import { assertInUse, assertNoTrial, assertNoVersionWord, assertUnlabelled } from './in-use';
import { partialsOf } from './includes';
import { exactSha256Of } from './input-hash';
import { assertNeedsNoApproval, templateDiff } from './prompts';
import { optionalVariables, renderMessages, staticVariables } from './render';
import { sentPromptOf } from './sent-prompt';

export interface TemplatesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}

const IDEMPOTENCY_SCOPE = 'templates.create';

/** Templates are immutable, with one per configuration and workspace. */
export function createTemplatesService({ store, clock, ids }: TemplatesOptions): Service<'templates'> {
  const existing = (templateId: string): Template => requireTemplate(store.read, templateId);

  const moveLabel = (
    tx: WriteDb,
    { org_id, workspace_id, prompt_id }: Template,
    to: Pick<TemplateLabel, 'label' | 'template_id' | 'moved_by'>,
  ): TemplateLabel => {
    const moved_at = timestampOf(clock.now());
    const move = { move_id: ids.uuid(), org_id, workspace_id, prompt_id, moved_at, ...to };
    insertLabelMove(tx, move);
    return move;
  };

  return {
    create({ idempotency_key: key, ...input }) {
      const now = clock.now();
      const template = newTemplateOf(store.read, input, ids.uuid(), timestampOf(now));
      const request_sha256 = key === undefined ? '' : exactSha256Of(given(input));

      const { template: created, replayed } = store.write((tx): { template: Template; replayed: boolean } => {
        if (key === undefined) return storeTemplate(tx, template);

        const request = { org_id: template.org_id, scope: IDEMPOTENCY_SCOPE, key, request_sha256 };
        const known = recordOfKey(tx, request, 'template_id', now);
        // A replay of the first answer: as it was then, so not archived.
        if (known !== null)
          return { template: { ...requireTemplate(tx, known), deleted_at: null }, replayed: true };
        const stored = storeTemplate(tx, template);
        takeKey(tx, request, stored.template.template_id, now);
        return stored;
      });
      return { template: named(store.read, created), replayed };
    },

    list({ q, label, workspace_id, include_archived, cursor, limit }) {
      const filter = { q, workspace_id, include_archived, label };
      return {
        ...listTemplates(store.read, filter, { cursor, limit }),
        total: countTemplates(store.read, filter),
      };
    },

    get: ({ template_id }) => named(store.read, existing(template_id)),

    diff: ({ from, to }) => ({
      from: requireSummary(store.read, from),
      to: requireSummary(store.read, to),
      ...templateDiff(existing(from), existing(to)),
    }),

    checkDuplicate({ org_id, workspace_id, ...input }) {
      const content = frozenContent(store.read, { org_id, workspace_id, ...input });
      const config_sha256 = configSha256({ ...input, ...content });
      const match = findActiveTemplateByConfig(store.read, { org_id, workspace_id, config_sha256 });
      return {
        exact_match: match !== undefined,
        template_id: match?.template_id ?? null,
        name: match?.name ?? null,
        prompt_name: match === undefined ? null : promptNameFor(store.read, match),
        version_number: match?.version_number ?? null,
        differences: match === undefined ? [] : beyondHash(match, effectiveOf(input, content)),
        config_sha256,
        near: [],
      };
    },

    render({ template_id, variables, ...draft }) {
      const stored = template_id === undefined ? undefined : existing(template_id);
      const source = renderedSource(store.read, stored, draft);
      const partials = partialsOf(store.read, source);
      const prompt = sentPromptOf(renderMessages(source, variables, partials), source);
      const texts = textsOfMessages(prompt.messages);
      return {
        system: texts?.system_instructions ?? '',
        user: texts?.user_prompt_template ?? '',
        messages: [...prompt.messages],
        variables: staticVariables(source, partials),
        optional_variables: optionalVariables(source, partials),
        rendered_prompt_sha256: prompt.rendered_prompt_sha256,
        token_estimate: Math.ceil(Buffer.byteLength(prompt.rendered_prompt) / 4),
      };
    },

    archive({ template_id }) {
      const template = existing(template_id);
      const now = timestampOf(clock.now());
      const archived = store.write((tx) => {
        if (requireTemplate(tx, template_id).deleted_at === null) assertUnlabelled(tx, template);
        return archiveTemplate(tx, template_id, now);
      });
      return named(store.read, archived ? { ...template, deleted_at: now } : existing(template_id));
    },

    labels({ template_id }) {
      existing(template_id);
      return { items: listLabels(store.read, template_id) };
    },

    setLabel({ template_id, label, moved_by }) {
      const template = existing(template_id);
      assertInUse(store.read, template);
      assertNoTrial(template, 'A label');
      return store.write((tx) => {
        const now = labelInForce(tx, { ...template, label });
        if (now?.template_id === template_id) return now;
        assertNoVersionWord(label);
        assertNeedsNoApproval(tx, template, label);
        return moveLabel(tx, template, { label, template_id, moved_by });
      });
    },

    removeLabel({ template_id, label, moved_by }) {
      const template = existing(template_id);
      return store.write((tx) => {
        const now = labelInForce(tx, { ...template, label });
        if (now?.template_id !== template_id) throw notFound('label', label);
        assertNeedsNoApproval(tx, template, label);
        return moveLabel(tx, template, { label, template_id: null, moved_by });
      });
    },

    lineage({ template_id }) {
      existing(template_id);
      return {
        ancestors: listAncestors(store.read, template_id),
        children: listChildren(store.read, template_id),
      };
    },
  };
}

/** An explicit undefined in process corresponds to an absent field over HTTP. */
function given(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
