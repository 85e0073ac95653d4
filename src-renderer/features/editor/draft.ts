import * as z from 'zod';
import {
  DEFAULT_WORKSPACE_ID,
  fieldProblemsOf,
  GROUNDING_MODES,
  isPlaceholder,
  newTemplateSchema,
  parameterProblems,
  parameterRules,
  schemaFault,
  textsOfMessages,
  type FieldProblem,
  type JsonObject,
  type NamedTemplate,
  type NewTemplate,
  type NewTemplateInput,
  type Protocol,
  type Template,
} from '../../../src-shared/domain';
import {
  blocksOfMessages,
  draftMessageSchema,
  readMessages,
  sameBlocks,
  textsOfDraftMessages,
} from './draft-messages';
import { choiceOf, choiceText, draftToolSchema, draftToolsOf, sameTools, writtenTools } from './draft-tools';
import { readJsonObject } from './read-json-object';

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
  // Drafts stored before these existed have none of them.
  /** The conversation as blocks; null while the two texts say it all. */
  messages: z.array(draftMessageSchema).nullable().default(null),
  tools: z.array(draftToolSchema).default([]),
  tool_choice: text.default('auto'),
  /** Of a new template: the first of its trials, which its later ones and its first version belong to. */
  first_trial: text.default(''),
  /** Of a draft of a version: whether it is frozen as the first version of a prompt of its own. */
  fork: z.boolean().default(false),
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
  messages: null,
  tools: [],
  tool_choice: 'auto',
  first_trial: '',
  fork: false,
};

/** The draft that editing a frozen template starts from, under the name that its prompt has now. */
export function draftOf(template: NamedTemplate): Draft {
  return {
    workspace_id: template.workspace_id,
    name: template.prompt_name,
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
    messages: textsOfMessages(template.messages) === null ? blocksOfMessages(template.messages) : null,
    tools: draftToolsOf(template.tools),
    tool_choice: choiceText(template.tool_choice),
    first_trial: '',
    fork: false,
  };
}

/** Whether two drafts have the same fields; which trial came first is no field of the template. */
export function sameDraft(a: Draft, b: Draft): boolean {
  return DRAFT_FIELDS.every((field) => {
    switch (field) {
      case 'messages':
        return sameBlocks(a.messages, b.messages);
      case 'tools':
        return sameTools(a.tools, b.tools);
      case 'first_trial':
        return true;
      default:
        return a[field] === b[field];
    }
  });
}
const DRAFT_FIELDS = Object.keys(EMPTY_DRAFT).filter((key): key is DraftField => key in EMPTY_DRAFT);

/** The texts that Liquid renders. */
export function textsOfDraft({
  messages,
  system_instructions,
  user_prompt_template,
}: Pick<Draft, 'messages' | 'system_instructions' | 'user_prompt_template'>): string[] {
  return messages === null ? [system_instructions, user_prompt_template] : textsOfDraftMessages(messages);
}

const EXCERPT_CHARS = 160;

/** How a template's last user text begins, to tell it from others in a list. */
export function excerptOf({ messages }: Pick<Template, 'messages'>): string {
  const turns = messages.flatMap((message) => (isPlaceholder(message) ? [] : [message]));
  const last = turns.findLast(({ role }) => role === 'user') ?? turns.at(-1);
  const content = last?.content ?? '';
  const source =
    typeof content === 'string'
      ? content
      : content.map((part) => ('text' in part ? part.text : '')).join(' ');
  return source.trim().slice(0, EXCERPT_CHARS);
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

/**
 * The draft as input for the core, or all invalid fields.
 * @param protocol what its provider speaks, by which parameters are checked; null where nothing is known of it
 */
export function readDraftAsTemplate(
  draft: Draft,
  parentId: string | null,
  protocol: Protocol | null = null,
): ReadDraft {
  const template = read(draft, parentId);
  const problems = valueProblems(draft, protocol);
  if (problems.length === 0) return template;
  return { ok: false, problems: template.ok ? problems : [...template.problems, ...problems] };
}

/** Values that the core would store, and no provider could use. */
function valueProblems(draft: Draft, protocol: Protocol | null): FieldProblem[] {
  const params = readJsonObject(draft.inference_params);
  const schema = readJsonObject(draft.response_schema);
  const ofParams =
    protocol !== null && params.ok && params.value !== null
      ? parameterProblems(params.value, parameterRules(protocol, draft.model_id, params.value))
      : [];
  const fault = schema.ok && schema.value !== null ? schemaFault(schema.value) : null;
  return [
    ...ofParams.map(({ path, message }) => ({ path, message: `${path.split('.')[1] ?? path} ${message}.` })),
    ...(fault === null
      ? []
      : [{ path: 'response_schema', message: `${fault.pointer || 'The schema'} ${fault.message}.` }]),
  ];
}

function read(draft: Draft, parentId: string | null): ReadDraft {
  const params = readJsonObject(draft.inference_params);
  const schema = readJsonObject(draft.response_schema);
  const problems: FieldProblem[] = [];
  if (!params.ok) problems.push({ path: 'inference_params', message: params.message });
  if (!schema.ok) problems.push({ path: 'response_schema', message: schema.message });
  const conversation = draft.messages === null ? null : readMessages(draft.messages);
  const { tools, problems: toolProblems } = writtenTools(draft.tools);
  problems.push(...(conversation?.problems ?? []), ...toolProblems);

  const template: NewTemplateInput = {
    workspace_id: draft.workspace_id,
    name: draft.name,
    description: draft.description || null,
    ...(conversation === null
      ? {
          system_instructions: draft.system_instructions,
          user_prompt_template: draft.user_prompt_template,
        }
      : { messages: conversation.messages }),
    ...(tools.length > 0 && { tools, tool_choice: choiceOf(draft.tool_choice) }),
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

function split(source: string, separator: RegExp): string[] {
  return source
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);
}
