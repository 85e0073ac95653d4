import * as z from 'zod';
import {
  parametersFault,
  toolSchema,
  type FieldProblem,
  type Tool,
  type ToolChoice,
} from '../../../src-shared/domain';
import { readJsonObject } from './read-json-object';

const text = z.string();

/** A tool being edited: its fields as typed, valid or not. */
export const draftToolSchema = z.object({
  /** Tells tools apart while one is renamed; not part of the tool. */
  key: text,
  name: text,
  description: text,
  /** JSON Schema of the arguments; empty for none. */
  parameters: text,
  strict: z.boolean().nullable(),
});
export type DraftTool = z.infer<typeof draftToolSchema>;

/** What a select offers: the three words, and each tool as `tool:NAME`. */
const ONE_TOOL = 'tool:';

export function newTool(fields: Partial<DraftTool> = {}): DraftTool {
  return {
    key: crypto.randomUUID().slice(0, 8),
    name: '',
    description: '',
    parameters: '',
    strict: null,
    ...fields,
  };
}

export function draftToolsOf(tools: readonly Tool[]): DraftTool[] {
  return tools.map(({ parameters, ...tool }, index) => ({
    ...tool,
    key: `t${String(index)}`,
    parameters: parameters === null ? '' : JSON.stringify(parameters, null, 2),
  }));
}

export function choiceText(choice: ToolChoice | null): string {
  return choice === null ? 'auto' : typeof choice === 'string' ? choice : `${ONE_TOOL}${choice.name}`;
}

export function choiceOf(source: string): ToolChoice {
  if (source.startsWith(ONE_TOOL)) return { name: source.slice(ONE_TOOL.length) };
  return source === 'none' || source === 'required' ? source : 'auto';
}

export function choiceOptions(tools: readonly DraftTool[]): { value: string; label: string }[] {
  const named = [...new Set(tools.map(({ name }) => name).filter(Boolean))];
  return [
    { value: 'auto', label: 'The model decides' },
    { value: 'required', label: 'Must call a tool' },
    { value: 'none', label: 'Must not call a tool' },
    ...named.map((name) => ({ value: `${ONE_TOOL}${name}`, label: `Must call ${name}` })),
  ];
}

export function sameTools(a: readonly DraftTool[], b: readonly DraftTool[]): boolean {
  return a === b || withoutKeys(a) === withoutKeys(b);
}

function withoutKeys(tools: readonly DraftTool[]): string {
  return JSON.stringify(tools.map(({ key: _, ...fields }) => fields));
}

/** The tools that can be rendered: one whose name is not one yet says so at its field, and hides nothing else. */
export function readTools(drafts: readonly DraftTool[]): { tools: Tool[] } {
  const { tools } = writtenTools(drafts);
  return { tools: tools.filter(({ name }) => toolNameProblem(name) === undefined) };
}

/** All tools as they are written, and what is wrong with them. */
export function writtenTools(drafts: readonly DraftTool[]): { tools: Tool[]; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const tools = drafts.map(({ key: _, parameters, ...tool }, index) => {
    const read = readJsonObject(parameters);
    const message = parametersProblem(parameters);
    if (message !== undefined) problems.push({ path: `tools.${String(index)}.parameters`, message });
    return { ...tool, parameters: read.ok ? read.value : null };
  });
  return { tools, problems };
}

/** Why this cannot be a tool's name; undefined where it can. */
export function toolNameProblem(name: string): string | undefined {
  const message = toolSchema.shape.name.safeParse(name).error?.issues[0]?.message;
  return message && `The name ${message}.`;
}

/** Why these cannot be a tool's parameters; undefined where they can. */
export function parametersProblem(parameters: string): string | undefined {
  const read = readJsonObject(parameters);
  if (!read.ok) return read.message;
  const fault = read.value === null ? null : parametersFault(read.value);
  return fault === null ? undefined : `${fault.pointer || 'The schema'} ${fault.message}.`;
}
