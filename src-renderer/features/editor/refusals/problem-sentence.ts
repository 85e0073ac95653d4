import type { FieldProblem } from '../../../../src-shared/domain';

const FIELDS: Readonly<Record<string, string>> = {
  name: 'The name',
  description: 'The description',
  message: 'What changed',
  version_label: 'The version label',
  workspace_id: 'The workspace',
  provider: 'The provider',
  model_id: 'The model',
  system_instructions: 'The system text',
  user_prompt_template: 'The user text',
  messages: 'The list of messages',
  tools: 'The list of tools',
  tool_choice: 'The tool choice',
  inference_params: 'Parameters',
  response_schema: 'The response schema',
  country_set: 'The list of countries',
  model_version_constraint: 'The model version pin',
  fingerprint_allowlist: 'The list of allowed fingerprints',
};

const ELEMENTS: Readonly<Record<string, string>> = { messages: 'message', tools: 'tool' };
/** Of an element, what is no text of its own: the words that the editor has for it. */
const PARTS: Readonly<Record<string, string>> = {
  tool_calls: 'tool calls',
  tool_call_id: 'call',
  placeholder: 'variable',
};

/** A problem away from its field, where it must say what it is about. */
export function problemSentence({ path, message }: FieldProblem): string {
  const subject = subjectOf(path);
  // "must not be empty" goes on from its field's name; what begins in upper case is a sentence already.
  const isPredicate = /^[a-z]/.test(message);
  if (isPredicate)
    return `${subject ?? (path || 'The draft')} ${message}${/[.!?]$/.test(message) ? '' : '.'}`;
  const namesItself = path === 'name' || path === 'model_id' || subject === null;
  return namesItself ? message : `${subject}: ${message}`;
}

function subjectOf(path: string): string | null {
  const [field = '', index, part] = path.split(/[./]/);
  const element = ELEMENTS[field];
  if (element === undefined || index === undefined) return FIELDS[field] ?? null;
  const which = `${element} ${Number(index) + 1}`;
  return part === undefined ? `The ${which}` : `The ${PARTS[part] ?? part} of ${which}`;
}
