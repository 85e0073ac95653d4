import { hash } from 'node:crypto';
import * as z from 'zod';
import {
  CanonicalError,
  canonicalJson,
  canonicalNumber,
  canonicalTemplateConfig,
  canonicalText,
  canonicalToolOutput,
  isCanonicalError,
  type CanonicalErrorCode,
  type TemplateConfigInput,
} from '../../../src-shared/domain/canonical';
import { jsonObjectSchema } from '../../../src-shared/domain';
import { ROLES, toolChoiceSchema } from '../../../src-shared/domain/content';
import { groundingModeSchema } from '../../../src-shared/domain/template';

export const HASH_KINDS = ['number', 'json', 'text', 'template', 'tool-output'] as const;
export type HashKind = (typeof HASH_KINDS)[number];

export interface HashCommandResult {
  /** One JSON document per answer, each to be printed on a line of its own. */
  readonly answers: readonly string[];
  /** 1 as soon as one input was refused. */
  readonly exitCode: 0 | 1;
}

type Answer = { canonical: string; sha256: string } | { error: CanonicalErrorCode | 'VALIDATION_FAILED' };

/**
 * `prompter hash` (docs/interfaces.md#command-line). Give the file's bytes rather than a string where possible: most
 * decoders drop a byte-order mark and replace invalid UTF-8 in silence. With `lines`, each line is one
 * JSON-encoded string, which can hold any input, line breaks and lone surrogates included.
 */
export function hashCommand(kind: HashKind, input: string | Uint8Array, lines: boolean): HashCommandResult {
  const answers = lines
    ? splitLines(input).map((line) => hashInput(kind, () => decodeLine(line)))
    : [hashInput(kind, () => wholeInput(kind, input))];
  return {
    answers: answers.map((answer) => JSON.stringify(answer)),
    exitCode: answers.some((answer) => 'error' in answer) ? 1 : 0,
  };
}

function hashInput(kind: HashKind, read: () => string): Answer {
  try {
    const canonical = CANONICAL_FORM[kind](read());
    return { canonical, sha256: hash('sha256', canonical) };
  } catch (error) {
    if (isCanonicalError(error)) return { error: error.code };
    if (error instanceof z.ZodError) return { error: 'VALIDATION_FAILED' };
    throw error;
  }
}

const CANONICAL_FORM: Readonly<Record<HashKind, (input: string) => string>> = {
  number: (input) => canonicalNumber(input),
  json: canonicalJson,
  text: canonicalText,
  template: (input) => canonicalTemplateConfig(parsed(templateConfigSchema, input)),
  'tool-output': (input) => {
    const { text, tool_calls } = parsed(toolOutputSchema, input);
    return canonicalToolOutput(text, tool_calls);
  },
};

const toolOutputSchema = z.object({
  text: z.string().nullable().default(null),
  tool_calls: z.array(z.object({ name: z.string(), arguments: z.string() })).min(1),
});

const messageSchema = z.union([
  z.object({ placeholder: z.string(), optional: z.boolean().optional() }),
  z.object({
    role: z.enum(ROLES),
    content: z.union([
      z.string(),
      z.array(
        z.object({
          type: z.enum(['text', 'image', 'file']),
          text: z.string().optional(),
          variable: z.string().optional(),
          asset_sha256: z.string().optional(),
          media_type: z.string().optional(),
          name: z.string().nullish(),
        }),
      ),
    ]),
    tool_calls: z
      .array(z.object({ id: z.string(), name: z.string(), arguments: jsonObjectSchema }))
      .optional(),
    tool_call_id: z.string().optional(),
  }),
]);

/** The rule's own keys and no other limits: a template is hashed here as it is, whoever wrote it. */
const templateConfigSchema: z.ZodType<TemplateConfigInput> = z.object({
  system_instructions: z.string().nullish(),
  user_prompt_template: z.string().nullish(),
  country_set: z.array(z.string()).nullish(),
  provider: z.string().nullish(),
  model_id: z.string().nullish(),
  // Not a record schema: zod's drops `__proto__`, here an ordinary key.
  inference_params: z.custom<Record<string, unknown>>(isObject).nullish(),
  response_schema: z.unknown().optional(),
  grounding_mode: groundingModeSchema.nullish(),
  als: z.boolean().nullish(),
  model_version_constraint: z.string().nullish(),
  messages: z.array(messageSchema).nullish(),
  tools: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().nullish(),
        parameters: z.unknown().optional(),
        strict: z.boolean().nullish(),
      }),
    )
    .nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  includes: z.array(z.object({ name: z.string(), text_sha256: z.string() })).nullish(),
});

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed<T>(schema: z.ZodType<T>, text: string): T {
  // For its refusals alone. The values are JavaScript's, as they are when a template comes over the API.
  canonicalJson(text);
  return schema.parse(JSON.parse(text));
}

/** An editor ends a file with a line break; a number, unlike the other kinds, has no room for one. */
function wholeInput(kind: HashKind, input: string | Uint8Array): string {
  // In text output, what is not Unicode becomes U+FFFD; JSON with such bytes is not JSON.
  const text = decodeUtf8(input, kind === 'text' ? 'replace' : 'refuse');
  return kind === 'number' ? text.replace(/\r?\n$/, '') : text;
}

function splitLines(input: string | Uint8Array): string[] {
  const lines = decodeUtf8(input, 'replace').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function decodeLine(line: string): string {
  const value = parseOrUndefined(line);
  if (typeof value !== 'string')
    throw new CanonicalError('INVALID_JSON', 'Each line must be one JSON-encoded string');
  return value;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeUtf8(input: string | Uint8Array, invalid: 'refuse' | 'replace'): string {
  if (typeof input === 'string') return input;
  try {
    return new TextDecoder('utf-8', { fatal: invalid === 'refuse', ignoreBOM: true }).decode(input);
  } catch (cause) {
    throw Object.assign(new CanonicalError('INVALID_JSON', 'Not UTF-8'), { cause });
  }
}
