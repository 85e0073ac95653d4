import * as z from 'zod';
import {
  DEFAULT_WORKSPACE_ID,
  fieldProblemsOf,
  GROUNDING_MODES,
  jsonObjectSchema,
  newTemplateSchema,
  type FieldProblem,
  type JsonObject,
  type NewTemplate,
  type NewTemplateInput,
  type Template,
} from '../../../src-shared/domain';
import { readExactJson } from '../../../src-shared/files';

const text = z.string();

/** A template being edited: the fields as typed, valid or not. */
export const draftSchema = z.object({
  workspace_id: text,
  name: text,
  description: text,
  message: text,
  version_label: text,
  provider: text,
  model_id: text,
  system_instructions: text,
  user_prompt_template: text,
  inference_params: text,
  response_schema: text,
  grounding_mode: z.enum(GROUNDING_MODES),
  als: z.boolean(),
  country_set: text,
  model_version_constraint: text,
  fingerprint_allowlist: text,
});
export type Draft = z.infer<typeof draftSchema>;
export type DraftField = keyof Draft;

export const EMPTY_DRAFT: Draft = {
  workspace_id: DEFAULT_WORKSPACE_ID,
  name: '',
  description: '',
  message: '',
  version_label: '',
  provider: '',
  model_id: '',
  system_instructions: '',
  user_prompt_template: '',
  inference_params: '',
  response_schema: '',
  grounding_mode: 'none',
  als: false,
  country_set: '',
  model_version_constraint: '',
  fingerprint_allowlist: '',
};

/** The draft that editing a frozen template starts from. */
export function draftOf(template: Template): Draft {
  return {
    workspace_id: template.workspace_id,
    name: template.name,
    description: template.description ?? '',
    message: '',
    version_label: template.version_label ?? '',
    provider: template.provider ?? '',
    model_id: template.model_id,
    system_instructions: template.system_instructions,
    user_prompt_template: template.user_prompt_template,
    inference_params: jsonText(template.inference_params),
    response_schema: template.response_schema ? jsonText(template.response_schema) : '',
    grounding_mode: template.grounding_mode,
    als: template.als,
    country_set: template.country_set.join(', '),
    model_version_constraint: template.model_version_constraint ?? '',
    fingerprint_allowlist: template.fingerprint_allowlist.join('\n'),
  };
}

function jsonText(value: JsonObject): string {
  return Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2);
}

export type ReadDraft =
  | { readonly ok: true; readonly template: NewTemplate }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** The draft's configuration without its name, for the duplicate check. */
export function readConfig(draft: Draft): ReadDraft {
  return read({ ...draft, name: 'unnamed' }, null);
}

/** The draft as input for the core, or all invalid fields. */
export function readDraftAsTemplate(draft: Draft, parentId: string | null): ReadDraft {
  return read(draft, parentId);
}

function read(draft: Draft, parentId: string | null): ReadDraft {
  const params = readJsonObject(draft.inference_params);
  const schema = readJsonObject(draft.response_schema);
  const problems: FieldProblem[] = [];
  if (!params.ok) problems.push({ path: 'inference_params', message: params.message });
  if (!schema.ok) problems.push({ path: 'response_schema', message: schema.message });

  const template: NewTemplateInput = {
    workspace_id: draft.workspace_id,
    name: draft.name,
    description: draft.description || null,
    system_instructions: draft.system_instructions,
    user_prompt_template: draft.user_prompt_template,
    country_set: split(draft.country_set, /[\s,;]+/),
    provider: draft.provider || null,
    model_id: draft.model_id,
    inference_params: params.ok ? params.value : null,
    response_schema: schema.ok ? schema.value : null,
    grounding_mode: draft.grounding_mode,
    als: draft.als,
    model_version_constraint: draft.model_version_constraint || null,
    fingerprint_allowlist: split(draft.fingerprint_allowlist, /\n/),
    version_label: draft.version_label || null,
    parent_template_id: parentId,
    message: draft.message || null,
  };
  const checked = newTemplateSchema.safeParse(template);
  if (!checked.success) {
    for (const problem of fieldProblemsOf(checked.error.issues)) {
      if (!problems.some(({ path }) => path === problem.path))
        problems.push({ ...problem, message: messageOf(problem, draft) });
    }
  }
  return checked.success && problems.length === 0
    ? { ok: true, template: checked.data }
    : { ok: false, problems };
}

function messageOf({ path, message }: FieldProblem, { name, model_id }: Draft): string {
  if (path === 'name' && name.trim() === '') return 'Enter a name.';
  if (path === 'model_id' && model_id.trim() === '') return 'Choose a model.';
  return message;
}

type ReadJson =
  { readonly ok: true; readonly value: JsonObject | null } | { readonly ok: false; readonly message: string };

/** A JSON object from an editor; an empty editor means "none". */
export function readJsonObject(source: string): ReadJson {
  if (source.trim() === '') return { ok: true, value: null };
  const json = readExactJson(source);
  if (!json.ok) return { ok: false, message: `Line ${json.problem.line ?? 1}, ${json.problem.message}` };
  const parsed = jsonObjectSchema.safeParse(json.value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, message: 'Must be a JSON object: { … }.' };
}

function split(source: string, separator: RegExp): string[] {
  return source
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);
}
