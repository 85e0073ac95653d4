import * as z from 'zod';
import { DEFAULT_ORG_ID, idSchema, timestampSchema } from '../ids';
import { protocolSchema } from './protocols';
import { connectionDialectSchema, dialectTrialSchema } from './server-dialect';
import { strictObject } from '../json/strict-object';

export const providerSchema = z.object({
  provider_id: idSchema,
  name: z.string(),
  protocol: protocolSchema,
  /** Null: a connection must bring its own (Azure), or the practice server supplies it. */
  base_url: z.string().nullable(),
  needs_key: z.boolean(),
  is_system: z.boolean(),
  simulated: z.boolean(),
});
export type Provider = z.infer<typeof providerSchema>;

/** Where a connection's secret is: never the secret itself. */
export const KEY_SOURCES = ['none', 'keychain', 'session', 'env'] as const;
export const keySourceSchema = z.enum(KEY_SOURCES);

export const connectionSchema = z.object({
  connection_id: idSchema,
  org_id: idSchema,
  name: z.string(),
  provider: idSchema,
  /** The connection's own base URL, null where the provider's is used. */
  base_url: z.string().nullable(),
  key_source: keySourceSchema,
  key_env: z.string().nullable(),
  /** Whether the secret can be read now: it is stored and unlocked, or its environment variable is set. */
  key_available: z.boolean(),
  concurrency: z.number().int(),
  is_default: z.boolean(),
  created_at: timestampSchema,
  last_test_at: timestampSchema.nullable(),
  last_test_ok: z.boolean().nullable(),
  last_test_message: z.string().nullable(),
  dialect: connectionDialectSchema,
});
export type Connection = z.infer<typeof connectionSchema>;

/** A name that can stand before the colon of a target: `my-openai:gpt-4o`. */
export const connectionNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u,
    'may contain only letters, digits, spaces, dots, dashes and underscores',
  );

export const baseUrlSchema = z
  .string()
  .trim()
  .max(2000)
  .refine((text) => /^https?:\/\/[^\s/?#@]+([/][^\s?#]*)?$/i.test(text), {
    message: 'must be an http(s) URL without user info, query or fragment, such as https://host/v1',
  })
  .refine((text) => !/^http:/i.test(text) || isLocalHttp(text), {
    message:
      'must use https: plain http is only allowed for this machine or a private network address, because anywhere else a key could be read in transit',
  });

/** Loopback, RFC 1918 and mDNS names: where Ollama and LM Studio servers live. */
function isLocalHttp(text: string): boolean {
  const host = /^http:\/\/(\[[^\]]*\]|[^/:]+)/i.exec(text)?.[1]?.toLowerCase() ?? '';
  return (
    host === 'localhost' ||
    host === '[::1]' ||
    host.endsWith('.local') ||
    /^(127|10)(\.\d{1,3}){3}$/.test(host) ||
    /^192\.168(\.\d{1,3}){2}$/.test(host) ||
    /^172\.(1[6-9]|2\d|3[01])(\.\d{1,3}){2}$/.test(host)
  );
}

/** A provider's key, in the size that every system's keychain can hold. */
export const secretSchema = z.string().min(1).max(2500);

const keyEnvSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
const concurrencySchema = z.number().int().min(1).max(512);

export const newConnectionSchema = strictObject({
  org_id: idSchema.default(DEFAULT_ORG_ID),
  name: connectionNameSchema,
  provider: idSchema,
  base_url: baseUrlSchema.nullish(),
  /** Goes to the keychain and never comes out. */
  secret: secretSchema.nullish(),
  key_env: keyEnvSchema.nullish(),
  concurrency: concurrencySchema.nullish(),
});
export type NewConnection = z.output<typeof newConnectionSchema>;
export type NewConnectionInput = z.input<typeof newConnectionSchema>;

/** What can be changed about a connection: only the fields that are named. */
export const connectionChangeSchema = strictObject({
  name: connectionNameSchema.optional(),
  /** Null goes back to the provider's own. */
  base_url: baseUrlSchema.nullable().optional(),
  /** A new key, replacing the one before. */
  secret: secretSchema.optional(),
  key_env: keyEnvSchema.optional(),
  concurrency: concurrencySchema.optional(),
});
export type ConnectionChange = z.output<typeof connectionChangeSchema>;

export const modelSchema = z.object({
  model_id: z.string(),
  display_name: z.string().nullable(),
  /** Dates that the provider publishes (ISO date or time), null where it says nothing. */
  created_at: z.string().nullable(),
  retires_at: z.string().nullable(),
});
export type Model = z.infer<typeof modelSchema>;

/** A model's prices in US dollars per million tokens; null where the price list has no such rate. */
export const listPriceSchema = z.object({
  input: z.string().nullable(),
  cached_input: z.string().nullable(),
  output: z.string().nullable(),
  /** Long prompts cost more: these are the rates of short ones. */
  tiered: z.boolean(),
});
export type ListPrice = z.infer<typeof listPriceSchema>;

/** What the price list says of exactly this model at this provider; null where it says nothing. */
export const listedFactsSchema = z.object({
  price: listPriceSchema.nullable(),
  /** The context window in tokens. */
  context_tokens: z.number().int().nullable(),
});
export type ListedFacts = z.infer<typeof listedFactsSchema>;

/** A model of a connection's list. */
export const listedModelSchema = modelSchema.extend(listedFactsSchema.shape);
export type ListedModel = z.infer<typeof listedModelSchema>;

export const connectionTestSchema = z.object({
  ok: z.boolean(),
  /** What was reached: `network`, `authorised`, `models`. Stops at the first that failed. */
  reached: z.array(z.enum(['network', 'authorised', 'models'])),
  message: z.string(),
  models: z.number().int().nullable(),
  latency_ms: z.number().nullable(),
  /** What short calls found out; null where none were asked for or needed. */
  trial: dialectTrialSchema.nullable(),
  tested_at: timestampSchema,
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

/** The header with which the practice provider says where an answer is from: written by hand for a sample, or made up. */
export const PRACTICE_ANSWER_HEADER = 'x-practice-answer';
export const practiceAnswerSchema = z.enum(['written', 'generated']);
export type PracticeAnswer = z.infer<typeof practiceAnswerSchema>;

/** A practice model's name in its two parts: the model that it plays, and what it was told to do wrong. */
export function splitPracticeModel(name: string): { readonly id: string; readonly faults: string | null } {
  const at = name.lastIndexOf('@');
  const suffix = name.slice(at + 1);
  // Cloud ids such as `claude-3-5-sonnet@20240620` carry a version there, not a fault.
  if (at <= 0 || /^(\d{8}|default|latest)$/.test(suffix)) return { id: name, faults: null };
  return { id: name.slice(0, at), faults: suffix };
}
