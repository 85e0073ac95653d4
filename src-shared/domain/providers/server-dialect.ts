import * as z from 'zod';
import { strictObject } from '../json/strict-object';
import { protocolRecord, type Protocol } from './protocols';

/** Whether a stream is asked for its token counts (`stream_options`), which some servers refuse. */
export const STREAM_OPTIONS = ['send', 'omit'] as const;
/** How a server is held to a response schema. Where it is not, the answer is only checked here. */
export const RESPONSE_FORMATS = ['json_schema', 'json_object', 'none'] as const;
const streamOptionsSchema = z.enum(STREAM_OPTIONS).nullable();
const responseFormatSchema = z.enum(RESPONSE_FORMATS).nullable();

/**
 * What a connection's server understands: as the user set it, which counts, else as the connection test found it. Where
 * both are null the server is asked like the protocol's own vendor.
 */
export const connectionDialectSchema = z.object({
  stream_options: streamOptionsSchema,
  stream_options_found: streamOptionsSchema,
  response_format: responseFormatSchema,
  response_format_found: responseFormatSchema,
});
export type ConnectionDialect = z.infer<typeof connectionDialectSchema>;

export const UNKNOWN_DIALECT: ConnectionDialect = {
  stream_options: null,
  stream_options_found: null,
  response_format: null,
  response_format_found: null,
};

/** A change of the settings: null leaves it to what the connection test found. */
export const dialectChangeSchema = strictObject({
  stream_options: streamOptionsSchema.optional(),
  response_format: responseFormatSchema.optional(),
});

/** What is sent. */
export interface ServerDialect {
  readonly streamOptions: (typeof STREAM_OPTIONS)[number];
  readonly responseFormat: (typeof RESPONSE_FORMATS)[number];
}

export function serverDialect(known: ConnectionDialect): ServerDialect {
  return {
    streamOptions: known.stream_options ?? known.stream_options_found ?? 'send',
    responseFormat: known.response_format ?? known.response_format_found ?? 'json_schema',
  };
}

/** Where what is sent comes from: the user, a test, or the habit of the protocol's own vendor. */
export function dialectSource(known: ConnectionDialect, field: DialectField): 'set' | 'found' | 'assumed' {
  if (known[field] !== null) return 'set';
  return known[`${field}_found`] === null ? 'assumed' : 'found';
}

/** What a test found by short calls. */
export const dialectTrialSchema = z.object({
  /** How many were sent. */
  calls: z.number().int(),
  model_id: z.string().nullable(),
  /** Null where the answers showed nothing, or the setting is the user's. */
  stream_options: streamOptionsSchema,
  response_format: responseFormatSchema,
  message: z.string(),
});
export type DialectTrial = z.infer<typeof dialectTrialSchema>;

/** Streaming with and without the option; then a schema, any JSON, and neither. */
const CALLS = { stream_options: 2, response_format: 3 } as const;
export type DialectField = keyof typeof CALLS;

/**
 * What only short calls can tell: how a server of the user's own understands its protocol, where he has not said so.
 * The vendors' own addresses and the local servers at theirs are known.
 */
export function openDialectFields(
  connection: { readonly base_url: string | null; readonly dialect: ConnectionDialect },
  provider: { readonly protocol: Protocol; readonly simulated: boolean },
): DialectField[] {
  const { base_url, dialect } = connection;
  const { hasDialects } = protocolRecord(provider.protocol);
  if (!hasDialects || provider.simulated || base_url === null) return [];
  if (AZURE.test(base_url)) return [];
  return (['stream_options', 'response_format'] as const).filter((field) => dialect[field] === null);
}

const AZURE = /^https:\/\/[^/]+\.(openai|services\.ai|cognitiveservices)\.azure\.(com|us|cn)(:\d+)?(\/|$)/i;

/** The most calls that a test of these makes. */
export function mostTrialCalls(fields: readonly DialectField[]): number {
  return fields.reduce((sum, field) => sum + CALLS[field], 0);
}
