import {
  AppError,
  notFound,
  isBlank,
  type NewTemplate,
  type Template,
  type TemplateLabel,
  timestampOf,
  validationError,
} from '../../src-shared/domain';
import {
  canonicalJsonOfValue,
  canonicalTemplateConfig,
  type TemplateConfigInput,
} from '../../src-shared/domain/canonical';
import type { Clock, Ids, Service } from '../ports';
import {
  archiveTemplate,
  countTemplates,
  ensureWorkspace,
  findActiveTemplateByConfig,
  getTemplate,
  insertLabelMove,
  insertTemplate,
  isUniqueViolation,
  latestLabelMove,
  listAncestors,
  listChildren,
  listLabels,
  listTemplates,
  recordOfKey,
  requireTemplate,
  takeKey,
  type Store,
  type WriteDb,
} from '../store';
import { assertInUse } from './in-use';
import { sha256OfInput } from './input-hash';
import {
  renderedPromptOf,
  renderedPromptSha256,
  optionalVariables,
  renderPrompt,
  staticVariables,
  type PromptTexts,
} from './render';
import { responseSchemaProblem } from './response-schema';
import { diffVisibleFields } from './visible-diff';

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
    { org_id, workspace_id }: Template,
    to: Pick<TemplateLabel, 'label' | 'template_id' | 'moved_by'>,
  ): TemplateLabel => {
    const moved_at = timestampOf(clock.now());
    const move = { move_id: ids.uuid(), org_id, workspace_id, moved_at, ...to };
    insertLabelMove(tx, move);
    return move;
  };

  return {
    create({ idempotency_key: key, ...input }) {
      const now = clock.now();
      const template = templateOf(input, ids.uuid(), timestampOf(now));
      const request_sha256 = key === undefined ? '' : sha256OfInput(() => canonicalJsonOfValue(given(input)));

      return store.write((tx): { template: Template; replayed: boolean } => {
        if (key === undefined) return { template: insert(tx, template), replayed: false };

        const request = { org_id: template.org_id, scope: IDEMPOTENCY_SCOPE, key, request_sha256 };
        const known = recordOfKey(tx, request, 'template_id', now);
        // A replay of the first answer: as it was then, so not archived.
        if (known !== null)
          return { template: { ...requireTemplate(tx, known), deleted_at: null }, replayed: true };
        const stored = insert(tx, template);
        takeKey(tx, request, template.template_id, now);
        return { template: stored, replayed: false };
      });
    },

    list({ q, label, workspace_id, include_archived, cursor, limit }) {
      const filter = { q, workspace_id, include_archived, label };
      return {
        ...listTemplates(store.read, filter, { cursor, limit }),
        total: countTemplates(store.read, filter),
      };
    },

    get: ({ template_id }) => existing(template_id),

    checkDuplicate({ org_id, workspace_id, ...input }) {
      const config_sha256 = configSha256(input);
      const match = findActiveTemplateByConfig(store.read, { org_id, workspace_id, config_sha256 });
      return {
        exact_match: match !== undefined,
        template_id: match?.template_id ?? null,
        name: match?.name ?? null,
        config_sha256,
        near: [],
      };
    },

    render({ template_id, system_instructions, user_prompt_template, variables }) {
      if (
        template_id === undefined &&
        system_instructions === undefined &&
        user_prompt_template === undefined
      ) {
        throw validationError([{ path: 'template_id', message: 'give a template or the texts of a draft' }]);
      }
      const stored = template_id === undefined ? undefined : existing(template_id);
      const texts = {
        system_instructions: system_instructions ?? stored?.system_instructions ?? '',
        user_prompt_template: user_prompt_template ?? stored?.user_prompt_template ?? '',
      };
      const prompt = renderPrompt(texts, variables);
      return {
        ...prompt,
        variables: staticVariables(texts),
        optional_variables: optionalVariables(texts),
        rendered_prompt_sha256: renderedPromptSha256(prompt),
        token_estimate: Math.ceil(Buffer.byteLength(renderedPromptOf(prompt)) / 4),
      };
    },

    archive({ template_id }) {
      const template = existing(template_id);
      const now = timestampOf(clock.now());
      const archived = store.write((tx) => archiveTemplate(tx, template_id, now));
      return archived ? { ...template, deleted_at: now } : existing(template_id);
    },

    labels({ template_id }) {
      existing(template_id);
      return { items: listLabels(store.read, template_id) };
    },

    setLabel({ template_id, label, moved_by }) {
      const template = existing(template_id);
      assertInUse(template);
      return store.write((tx) => {
        const now = latestLabelMove(tx, { ...template, label });
        return now?.template_id === template_id
          ? now
          : moveLabel(tx, template, { label, template_id, moved_by });
      });
    },

    removeLabel({ template_id, label, moved_by }) {
      const template = existing(template_id);
      return store.write((tx) => {
        const now = latestLabelMove(tx, { ...template, label });
        if (now?.template_id !== template_id) throw notFound('label', label);
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

/** The full record, with defaults filled in. @throws TEMPLATE_SYNTAX, RENDER_LIMIT, VALIDATION_FAILED */
function templateOf(input: NewTemplate, template_id: string, created_at: string): Template {
  const texts = {
    system_instructions: input.system_instructions ?? '',
    user_prompt_template: input.user_prompt_template ?? '',
  };
  assertNotBlank(texts);
  const schemaProblem = input.response_schema ? responseSchemaProblem(input.response_schema) : null;
  if (schemaProblem) throw validationError([schemaProblem]);
  return {
    template_id,
    org_id: input.org_id,
    workspace_id: input.workspace_id,
    name: input.name,
    description: input.description ?? null,
    ...texts,
    country_set: input.country_set ?? [],
    provider: input.provider ?? null,
    model_id: input.model_id,
    inference_params: input.inference_params ?? {},
    response_schema: input.response_schema ?? null,
    grounding_mode: input.grounding_mode ?? 'none',
    als: input.als ?? false,
    model_version_constraint: input.model_version_constraint ?? null,
    fingerprint_allowlist: input.fingerprint_allowlist ?? [],
    variables: staticVariables(texts),
    version_label: input.version_label ?? null,
    parent_template_id: input.parent_template_id ?? null,
    message: input.message ?? null,
    config_sha256: configSha256(input),
    record_hmac: null,
    hmac_key_id: null,
    created_at,
    created_by: input.created_by ?? null,
    deleted_at: null,
  };
}

/** Without any text, every run would ask nothing. @throws VALIDATION_FAILED */
function assertNotBlank({ system_instructions, user_prompt_template }: PromptTexts): void {
  if (!isBlank(system_instructions) || !isBlank(user_prompt_template)) return;
  throw validationError([
    {
      path: 'user_prompt_template',
      message: 'is empty, and so are the system instructions: write one of them',
    },
  ]);
}

/** The unique index detects duplicates, so that no two creates can both succeed. @throws TEMPLATE_DUPLICATE */
function insert(tx: WriteDb, template: Template): Template {
  const { org_id, workspace_id, parent_template_id, created_at: now } = template;
  if (parent_template_id !== null && getTemplate(tx, parent_template_id)?.org_id !== org_id) {
    throw validationError([
      { path: 'parent_template_id', message: `there is no template with the id "${parent_template_id}"` },
    ]);
  }
  ensureWorkspace(tx, { org_id, workspace_id, now });
  try {
    return insertTemplate(tx, template);
  } catch (error) {
    const stored = isUniqueViolation(error, 'templates.config_sha256')
      ? findActiveTemplateByConfig(tx, template)
      : undefined;
    if (!stored) throw error;
    throw new AppError(
      'TEMPLATE_DUPLICATE',
      `"${stored.name}" already has this configuration. Open it, or change something the model sees.`,
      {
        data: {
          template_id: stored.template_id,
          name: stored.name,
          diff: diffVisibleFields(stored, template),
        },
      },
    );
  }
}

function configSha256(input: TemplateConfigInput): string {
  return sha256OfInput(() => canonicalTemplateConfig(input));
}

/** An explicit undefined in process corresponds to an absent field over HTTP. */
function given(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
