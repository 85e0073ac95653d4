import {
  messagesOfTexts,
  normalMessage,
  textsOfMessages,
  type Message,
  type MessageLike,
  type ToolChoice,
} from '../content';
import type { GroundingMode } from '../template';
import { normalizeTemplateText, trimWhiteSpace } from './text';
import { canonicalJsonOfValue } from './write-json';

/** What of a template makes it a duplicate of another. Anything else it has (name, labels, …) is ignored. */
export interface TemplateConfigInput {
  readonly system_instructions?: string | null;
  readonly user_prompt_template?: string | null;
  readonly country_set?: readonly string[] | null;
  readonly provider?: string | null;
  readonly model_id?: string | null;
  /** JSON values; checked when they are written. */
  readonly inference_params?: Readonly<Record<string, unknown>> | null;
  readonly response_schema?: unknown;
  readonly grounding_mode?: GroundingMode | null;
  readonly als?: boolean | null;
  readonly model_version_constraint?: string | null;
  /** The conversation, instead of the two texts. */
  readonly messages?: readonly MessageLike[] | null;
  readonly tools?: readonly ToolLike[] | null;
  readonly tool_choice?: ToolChoice | null;
  readonly includes?: readonly { readonly name: string; readonly text_sha256: string }[] | null;
}

interface ToolLike {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: unknown;
  readonly strict?: boolean | null | undefined;
}

/**
 * The text whose SHA-256 is `config_sha256` (docs/canonical.md#template-configuration), in the lowest version of the rule
 * that can say it. A change of a rule is a new version, never an edit: stored hashes keep their meaning.
 */
export function canonicalTemplateConfig(template: TemplateConfigInput): string {
  const messages = messagesOf(template);
  const texts = textsOfMessages(messages);
  const tools = template.tools ?? [];
  const includes = template.includes ?? [];
  return canonicalJsonOfValue({
    ...(texts !== null && tools.length === 0 && includes.length === 0
      ? { v: 1, ...texts }
      : {
          v: 2,
          messages,
          tools: tools.map(canonicalTool),
          tool_choice: tools.length === 0 ? null : (template.tool_choice ?? 'auto'),
          includes: includes
            .map(({ name, text_sha256 }) => ({ name, text_sha256 }))
            .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        }),
    country_set: canonicalCountries(template.country_set ?? []),
    provider: template.provider ?? null,
    model_id: trimWhiteSpace(template.model_id ?? ''),
    inference_params: withoutNulls(template.inference_params ?? {}),
    response_schema: template.response_schema ?? null,
    grounding_mode: template.grounding_mode ?? 'none',
    als: template.als ?? false,
    model_version_constraint: template.model_version_constraint ?? null,
  });
}

function messagesOf(template: TemplateConfigInput): Message[] {
  if (template.messages) {
    return template.messages.map((message) => normalMessage(message, normalizeTemplateText));
  }
  return messagesOfTexts({
    system_instructions: normalizeTemplateText(template.system_instructions ?? ''),
    user_prompt_template: normalizeTemplateText(template.user_prompt_template ?? ''),
  });
}

function canonicalTool({ name, description, parameters, strict }: ToolLike): Record<string, unknown> {
  return {
    name,
    description: normalizeTemplateText(description ?? ''),
    parameters: parameters ?? null,
    strict: strict ?? null,
  };
}

function canonicalCountries(countries: readonly string[]): string[] {
  return [...new Set(countries.map((country) => trimWhiteSpace(country).toUpperCase()))].toSorted();
}

/** Top-level keys only: a null inside a parameter's own value is content. */
function withoutNulls(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}
