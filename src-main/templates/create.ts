import { AppError, isBlank, validationError, type NewTemplate, type Template } from '../../src-shared/domain';
import { canonicalTemplateConfig, type TemplateConfigInput } from '../../src-shared/domain/canonical';
import { assertAssetsStored } from '../assets';
import {
  ensureWorkspace,
  findActiveTemplateByConfig,
  getTemplate,
  insertTemplate,
  isUniqueViolation,
  promptNameFor,
  titleOf,
  type PartialOwner,
  type ReadDb,
  type UnplacedTemplate,
  type WriteDb,
} from '../store';
import { beyondHash, differenceText, type BeyondHash, type Effective } from './beyond-hash';
import { contentOf, textsOf, type ContentInput, type PromptContent } from './content';
import { freezeIncludes, partialsOf } from './includes';
import { sha256OfInput } from './input-hash';
import { knownTrial } from './known-trial';
import { staticVariables } from './render';
import { responseSchemaProblem } from './response-schema';
import { diffVisibleFields } from './visible-diff';

/**
 * The full record, with defaults filled in.
 * @throws TEMPLATE_SYNTAX, RENDER_LIMIT; VALIDATION_FAILED, also for a file or a partial that is not stored
 */
export function newTemplateOf(
  db: ReadDb,
  input: NewTemplate,
  template_id: string,
  created_at: string,
): UnplacedTemplate {
  const content = frozenContent(db, input);
  assertNotBlank(content);
  assertAssetsStored(db, content.messages);
  if (input.fork === true && (input.parent_template_id ?? null) === null) {
    throw validationError([{ path: 'fork', message: 'needs "parent_template_id": the template to fork' }]);
  }
  const schemaProblem = input.response_schema ? responseSchemaProblem(input.response_schema) : null;
  if (schemaProblem) throw validationError([schemaProblem]);
  return {
    template_id,
    org_id: input.org_id,
    workspace_id: input.workspace_id,
    name: input.name,
    description: input.description ?? null,
    ...effectiveOf(input, content),
    country_set: input.country_set ?? [],
    variables: staticVariables(content, partialsOf(db, { ...input, ...content })),
    version_label: input.version_label ?? null,
    parent_template_id: input.parent_template_id ?? null,
    message: input.message ?? null,
    config_sha256: configSha256({ ...input, ...content }),
    record_hmac: null,
    hmac_key_id: null,
    created_at,
    created_by: input.created_by ?? null,
    deleted_at: null,
    tags: [...new Set(input.tags)],
    trial: input.trial ?? false,
    fork: input.fork ?? false,
  };
}

/** What of a template is sent, or decides whether it may be, with defaults filled in. */
export function effectiveOf(
  input: Omit<NewTemplate, 'name' | keyof PartialOwner>,
  content: PromptContent,
): Effective {
  return {
    ...content,
    provider: input.provider ?? null,
    model_id: input.model_id,
    inference_params: input.inference_params ?? {},
    response_schema: input.response_schema ?? null,
    grounding_mode: input.grounding_mode ?? 'none',
    als: input.als ?? false,
    model_version_constraint: input.model_version_constraint ?? null,
    fingerprint_allowlist: input.fingerprint_allowlist ?? [],
  };
}

/** The content with its partials frozen. @throws VALIDATION_FAILED, TEMPLATE_SYNTAX */
export function frozenContent(db: ReadDb, input: ContentInput & PartialOwner): PromptContent {
  const content = contentOf(input);
  return { ...content, includes: freezeIncludes(db, input, content, content.includes) };
}

/** Without any text, every run would ask nothing. @throws VALIDATION_FAILED */
function assertNotBlank(content: PromptContent): void {
  const texts = textsOf(content);
  if (texts.some(({ text }) => !isBlank(text)) || content.messages.some(hasMore)) return;
  throw validationError([
    texts[0]?.path === 'system_instructions'
      ? {
          path: 'user_prompt_template',
          message: 'is empty, and so are the system instructions: write one of them',
        }
      : { path: 'messages', message: 'say nothing: write a text in one of them' },
  ]);
}

/** A placeholder, an image or a file says something without any text. */
function hasMore(message: PromptContent['messages'][number]): boolean {
  return 'placeholder' in message || (typeof message.content !== 'string' && message.content.length > 0);
}

/**
 * Stores a new template. The unique index detects duplicates, so that no two creates can both succeed. A trial of what
 * is stored already is that template: `replayed`.
 * @throws TEMPLATE_DUPLICATE, VALIDATION_FAILED for an unknown parent
 */
export function storeTemplate(
  tx: WriteDb,
  template: UnplacedTemplate,
): { template: Template; replayed: boolean } {
  const { org_id, workspace_id, parent_template_id, created_at: now } = template;
  if (parent_template_id !== null && getTemplate(tx, parent_template_id)?.org_id !== org_id) {
    throw validationError([
      { path: 'parent_template_id', message: `there is no template with the id "${parent_template_id}"` },
    ]);
  }
  if (template.trial) {
    const known = knownTrial(tx, template);
    if (known !== null && known.differences.length === 0) return { template: known.template, replayed: true };
    if (known !== null) throw duplicate(tx, known.template, template, known.differences);
  }
  ensureWorkspace(tx, { org_id, workspace_id, now });
  try {
    return { template: insertTemplate(tx, template), replayed: false };
  } catch (error) {
    const stored = isUniqueViolation(error, 'templates.config_sha256')
      ? findActiveTemplateByConfig(tx, template)
      : undefined;
    if (!stored) throw error;
    throw duplicate(tx, stored, template, beyondHash(stored, template));
  }
}

function duplicate(
  db: ReadDb,
  stored: Template,
  template: UnplacedTemplate,
  differences: readonly BeyondHash[],
): AppError {
  return new AppError(
    'TEMPLATE_DUPLICATE',
    duplicateText(titleOf(db, stored), stored, template, differences),
    {
      data: {
        template_id: stored.template_id,
        name: stored.name,
        prompt_name: promptNameFor(db, stored),
        version_number: stored.version_number,
        differences,
        diff: diffVisibleFields(stored, template),
      },
    },
  );
}

/** Where the stored one is another after all, running or opening it would be no answer: says how to get this one. */
function duplicateText(
  title: string,
  stored: Template,
  template: UnplacedTemplate,
  differences: readonly BeyondHash[],
): string {
  if (differences.length === 0) {
    return `"${title}" already has this configuration. Open it, or change something the model sees.`;
  }
  const instead = stored.trial
    ? 'Freeze this one as a version'
    : `Archive "${title}" if this one is to take its place`;
  return `"${title}" has the same configuration, and this ${template.trial ? 'draft' : 'template'} differs from it in ${differenceText(differences)}. Nothing was stored. ${instead}, or change something that configurations are told apart by.`;
}

export function configSha256(input: TemplateConfigInput): string {
  return sha256OfInput(() => canonicalTemplateConfig(input));
}
