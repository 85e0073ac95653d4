import * as z from 'zod';
import { shownText } from '../blank';
import { sha256Schema } from '../ids';
import { jsonObjectSchema } from '../json/json-value';
import { strictObject } from '../json/strict-object';

/** 1 MiB of text is far beyond any context window's sensible prompt and keeps a hostile import from filling the store. */
const MAX_TEXT = 1_048_576;
export const promptTextSchema = z.string().max(MAX_TEXT);

export const ROLES = ['system', 'user', 'assistant', 'tool'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** A name that Liquid can read as a variable. */
export const variableName = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z_][\w-]*$/,
    'must begin with a letter or "_" and have letters, digits, "_" and "-" only, like a variable',
  );

export const assetHash = sha256Schema.regex(
  /^[0-9a-f]{64}$/,
  'must be the SHA-256 of a stored file: 64 hex digits',
);
export const mediaType = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(
    /^[a-z0-9][\w.+-]*\/[a-z0-9][\w.+-]*$/,
    'must be a media type, such as image/png or application/pdf',
  );

const textPartSchema = strictObject({ type: z.literal('text'), text: promptTextSchema });
export const MEDIA_KINDS = ['image', 'file'] as const;
export type MediaPartType = (typeof MEDIA_KINDS)[number];
/** A file that a variable names for each input. */
const variablePartSchema = strictObject({ type: z.enum(MEDIA_KINDS), variable: variableName });
/** A file that is frozen with the template. */
const assetPartSchema = strictObject({
  type: z.enum(MEDIA_KINDS),
  asset_sha256: assetHash,
  media_type: mediaType,
  name: z.string().max(300).nullable(),
});

export type TextPart = z.infer<typeof textPartSchema>;
export type VariablePart = z.infer<typeof variablePartSchema>;
export type AssetPart = z.infer<typeof assetPartSchema>;
export type ContentPart = TextPart | VariablePart | AssetPart;

/** What one turn says: text, or parts where one of them is no text or there are several. */
export type Content = string | ContentPart[];
const contentSchema = z.union([
  z.string(),
  z.array(z.union([textPartSchema, variablePartSchema, assetPartSchema])),
]);
const sentContentSchema = z.union([z.string(), z.array(z.union([textPartSchema, assetPartSchema]))]);

export const toolCallSchema = strictObject({
  id: shownText(200),
  name: shownText(200),
  arguments: jsonObjectSchema,
});
export type ToolCall = z.infer<typeof toolCallSchema>;

const placeholderSchema = strictObject({ placeholder: z.string(), optional: z.boolean() });

/** A message of each role, in its normal form (docs/canonical.md#content-beyond-two-texts). */
function chatMessageSchemas<Said extends z.ZodType>(content: Said) {
  return [
    strictObject({ role: z.enum(['system', 'user']), content }),
    strictObject({
      role: z.literal('assistant'),
      content,
      /** Absent where there are none. */
      tool_calls: z.array(toolCallSchema).min(1).optional(),
    }),
    strictObject({ role: z.literal('tool'), content, tool_call_id: z.string() }),
  ] as const;
}

/** A message of a template. */
export const messageSchema = z.union([...chatMessageSchemas(contentSchema), placeholderSchema]);
export type Message = z.infer<typeof messageSchema>;
export type Placeholder = z.infer<typeof placeholderSchema>;

/** A message as it is sent: everything in it is given. */
export const sentMessageSchema = z.union(chatMessageSchemas(sentContentSchema));
export type SentMessage = z.infer<typeof sentMessageSchema>;
export type SentContent = z.infer<typeof sentContentSchema>;

export function isPlaceholder(message: Message): message is Placeholder {
  return 'placeholder' in message;
}

/** Whether nothing in a message is left for a variable. */
export function isSent(message: Message): message is SentMessage {
  if (isPlaceholder(message)) return false;
  return (
    typeof message.content === 'string' ||
    message.content.every((part) => part.type === 'text' || !('variable' in part))
  );
}

/** A function that a model may ask to be called. Names are what all providers accept. */
export const toolSchema = strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z_][\w-]{0,63}$/,
      'may have up to 64 letters, digits, "_" and "-", beginning with a letter or "_"',
    ),
  description: z.string().max(20_000),
  /** JSON Schema of its arguments; null for a function without any. */
  parameters: jsonObjectSchema.nullable(),
  strict: z.boolean().nullable(),
});
export type Tool = z.infer<typeof toolSchema>;

/** Whether a model must call a tool, and which. */
export const toolChoiceSchema = z.union([
  z.enum(['auto', 'none', 'required']),
  strictObject({ name: toolSchema.shape.name }),
]);
export type ToolChoice = z.infer<typeof toolChoiceSchema>;

/** A partial, frozen by the hash of its text. */
export const includeSchema = strictObject({ name: variableName, text_sha256: assetHash });
export type Include = z.infer<typeof includeSchema>;
