import * as z from 'zod';
import {
  ALS_MAX_CODE_POINTS,
  alsLength,
  alsVariantIndex,
  canonicalJson,
  canonicalNumber,
  canonicalTemplateConfig,
  canonicalText,
  canonicalToolOutput,
  isCanonicalError,
  sha256Hex,
} from '../../src-shared/domain/canonical';
import { messageInputSchema, toolChoiceSchema } from '../../src-shared/domain/content';
import { groundingModeSchema } from '../../src-shared/domain/template';

// No Node here: a browser runs the same checks on the same vectors.

const canonicalOrError = {
  canonical: z.string().optional(),
  sha256: z.string().optional(),
  error: z.string().optional(),
};

/** The vector files, one property each, as `JSON.parse` reads them. */
const vectorsSchema = z.strictObject({
  numbers: z.array(
    z.strictObject({ lexeme: z.string(), ok: z.string().optional(), error: z.string().optional() }),
  ),
  json: z.array(z.strictObject({ text: z.string(), ...canonicalOrError })),
  text: z.array(z.strictObject({ text: z.string(), canonical: z.string(), sha256: z.string() })),
  templates: z.array(
    z.strictObject({
      case: z.string(),
      template: z.looseObject({
        system_instructions: z.string().nullish(),
        user_prompt_template: z.string().nullish(),
        country_set: z.array(z.string()).nullish(),
        model_id: z.string(),
        inference_params: z.record(z.string(), z.unknown()).nullish(),
        response_schema: z.unknown().optional(),
        grounding_mode: groundingModeSchema.nullish(),
      }),
      sha256: z.string(),
    }),
  ),
  content: z.array(
    z.strictObject({
      case: z.string(),
      template: z.looseObject({
        system_instructions: z.string().nullish(),
        user_prompt_template: z.string().nullish(),
        country_set: z.array(z.string()).nullish(),
        model_id: z.string(),
        inference_params: z.record(z.string(), z.unknown()).nullish(),
        messages: z.array(messageInputSchema).nullish(),
        tools: z
          .array(z.strictObject({ name: z.string(), description: z.string(), parameters: z.unknown() }))
          .nullish(),
        tool_choice: toolChoiceSchema.nullish(),
        includes: z.array(z.strictObject({ name: z.string(), text_sha256: z.string() })).nullish(),
      }),
      canonical: z.string(),
      sha256: z.string(),
    }),
  ),
  toolOutput: z.array(
    z.strictObject({
      text: z.string().nullable(),
      tool_calls: z.array(z.strictObject({ name: z.string(), arguments: z.string() })),
      canonical: z.string(),
      sha256: z.string(),
    }),
  ),
  alsLength: z.array(z.strictObject({ text: z.string(), length: z.number(), accepted: z.boolean() })),
  alsVariant: z.array(
    z.strictObject({ secret: z.string(), template_id: z.string(), count: z.number(), index: z.number() }),
  ),
});
export type Vectors = z.infer<typeof vectorsSchema>;

/** One vector: what it is called, what the rules say and what the code says. */
export interface VectorCheck {
  readonly name: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export function parseVectors(files: unknown): Vectors {
  return vectorsSchema.parse(files);
}

/** Every vector with its expected and its actual result. */
export async function runVectors(vectors: Vectors): Promise<VectorCheck[]> {
  return Promise.all([
    ...vectors.numbers.map(async ({ lexeme, ok, error }) => ({
      name: `number ${shown(lexeme)}`,
      expected: error === undefined ? { ok } : { error },
      actual: orError(() => ({ ok: canonicalNumber(lexeme) })),
    })),
    ...vectors.json.map(async ({ text, canonical, sha256, error }) => ({
      name: `json ${shown(text)}`,
      expected: error === undefined ? { canonical, sha256 } : { error },
      actual: await hashed(() => canonicalJson(text)),
    })),
    ...vectors.text.map(async ({ text, canonical, sha256 }) => ({
      name: `text ${shown(text)}`,
      expected: { canonical, sha256 },
      actual: await hashed(() => canonicalText(text)),
    })),
    ...vectors.templates.map(async (vector) => ({
      name: `template ${vector.case}`,
      expected: vector.sha256,
      actual: await sha256Hex(canonicalTemplateConfig(vector.template)),
    })),
    ...vectors.content.map(async ({ template, canonical, sha256, ...vector }) => ({
      name: `content ${vector.case}`,
      expected: { canonical, sha256 },
      actual: await hashed(() => canonicalTemplateConfig(template)),
    })),
    ...vectors.toolOutput.map(async ({ text, tool_calls, canonical, sha256 }) => ({
      name: `tool output ${shown(canonical)}`,
      expected: { canonical, sha256 },
      actual: await hashed(() => canonicalToolOutput(text, tool_calls)),
    })),
    ...vectors.alsLength.map(async ({ text, length, accepted }) => ({
      name: `als length ${shown(text)}`,
      expected: { length, accepted },
      actual: { length: alsLength(text), accepted: alsLength(text) <= ALS_MAX_CODE_POINTS },
    })),
    ...vectors.alsVariant.map(async ({ secret, template_id, count, index }) => ({
      name: `als variant ${secret} ${template_id} of ${count}`,
      expected: index,
      actual: alsVariantIndex(await hmacSha256(secret, template_id), count),
    })),
  ]);
}

/** The vectors that do not hold, one line each; none is the only good answer. */
export async function checkVectors(files: unknown): Promise<string[]> {
  const checks = await runVectors(parseVectors(files));
  return checks
    .map(({ name, expected, actual }) => ({
      name,
      expected: JSON.stringify(expected),
      actual: JSON.stringify(actual),
    }))
    .filter(({ expected, actual }) => expected !== actual)
    .map(({ name, expected, actual }) => `${name}: expected ${expected}, got ${actual}`);
}

async function hashed(canonicalForm: () => string): Promise<unknown> {
  const result = orError(() => ({ canonical: canonicalForm() }));
  return 'error' in result ? result : { ...result, sha256: await sha256Hex(result.canonical) };
}

function orError<T extends object>(run: () => T): T | { error: string } {
  try {
    return run();
  } catch (error) {
    if (isCanonicalError(error)) return { error: error.code };
    throw error;
  }
}

async function hmacSha256(secret: string, message: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(message)));
}

function shown(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 60)}… (${text.length})`);
}
