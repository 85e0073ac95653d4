import * as z from 'zod';
import { shownText } from '../blank';
import { strictObject } from '../json/strict-object';
import {
  assetHash,
  isSent,
  MEDIA_KINDS,
  mediaType,
  promptTextSchema,
  roleSchema,
  toolCallSchema,
  toolSchema,
  variableName,
  type Message,
  type SentMessage,
} from './message';
import { normalMessage } from './normal-form';

/** Longer conversations are no templates: histories come from a placeholder. */
const MAX_MESSAGES = 500;
const MAX_PARTS = 200;
/** More than any provider takes. */
const MAX_TOOLS = 256;

const partInputSchema = strictObject({
  type: z.enum(['text', ...MEDIA_KINDS]),
  text: promptTextSchema.optional(),
  variable: variableName.optional(),
  asset_sha256: assetHash.optional(),
  media_type: mediaType.optional(),
  name: z.string().max(300).nullish(),
}).superRefine(refusePart);

type PartFields = z.infer<typeof partInputSchema>;

/** Says of each field whether its part needs it, so that an error names a field and not a shape. */
function refusePart(part: PartFields, context: z.core.$RefinementCtx): void {
  const refuse = refuserOf(part, context);
  if (part.type === 'text') {
    refuse.without('text', 'is needed in a text part');
    refuse.given(['variable', 'asset_sha256', 'media_type', 'name'], 'is not a field of a text part');
    return;
  }
  refuse.given(['text'], `is not a field of a part of type "${part.type}"`);
  if (part.variable !== undefined) {
    refuse.given(['asset_sha256', 'media_type', 'name'], 'is not given beside "variable"');
    return;
  }
  refuse.without('asset_sha256', 'is needed, or "variable"');
  refuse.without('media_type', 'is needed beside "asset_sha256"');
}

/** A message as somebody gives it: content as text or parts, fields that have a default left out. */
export const messageInputSchema = strictObject({
  role: roleSchema.optional(),
  content: z.union([promptTextSchema, z.array(partInputSchema).max(MAX_PARTS)]).optional(),
  tool_calls: z.array(toolCallSchema).max(MAX_PARTS).optional(),
  tool_call_id: shownText(200).optional(),
  placeholder: variableName.optional(),
  optional: z.boolean().optional(),
}).superRefine(refuseMessage);
export type MessageInput = z.input<typeof messageInputSchema>;

type MessageFields = Omit<z.infer<typeof messageInputSchema>, 'content'> & { readonly content?: unknown };

function refuseMessage(message: MessageFields, context: z.core.$RefinementCtx): void {
  const refuse = refuserOf(message, context);
  if (message.placeholder !== undefined) {
    refuse.given(['role', 'content', 'tool_calls', 'tool_call_id'], 'is not given beside "placeholder"');
    return;
  }
  refuse.given(['optional'], 'belongs to a placeholder');
  refuse.without('role', 'is needed: system, user, assistant or tool');
  refuse.without('content', 'is needed; it may be ""');
  if (message.role !== 'assistant') refuse.given(['tool_calls'], 'belong to an assistant’s message');
  if (message.role === 'tool')
    refuse.without('tool_call_id', 'is needed: the id of the call that this answers');
  else refuse.given(['tool_call_id'], 'belongs to the message of a tool');
}

function refuserOf<Fields extends object>(fields: Fields, context: z.core.$RefinementCtx) {
  const issue = (path: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  return {
    given(names: readonly (keyof Fields & string)[], message: string): void {
      for (const name of names) if (fields[name] !== undefined) issue(name, message);
    },
    without(name: keyof Fields & string, message: string): void {
      if (fields[name] === undefined) issue(name, message);
    },
  };
}

/** A template's conversation as it is given, in its normal form afterwards. */
export const messagesInputSchema = z
  .array(messageInputSchema)
  .max(MAX_MESSAGES)
  .transform((messages): Message[] => messages.map((message) => normalMessage(message)));

/** As many as a store takes in a row; a model's context ends before. */
const MAX_HISTORY = 10_000;

/** The value of a placeholder: messages that are data, so nothing in them is filled in. */
export const historySchema = z
  .array(messageInputSchema)
  .max(MAX_HISTORY)
  .transform((messages, context): SentMessage[] =>
    messages.flatMap((given, index) => {
      const message = normalMessage(given);
      if (isSent(message)) return [message];
      context.addIssue({
        code: 'custom',
        path: [index],
        message:
          'is part of a value, which has neither placeholders nor variables: give the messages or files themselves',
      });
      return [];
    }),
  );

/** The value of a variable that an image or file part names. */
export const fileValueSchema = strictObject({
  asset_sha256: assetHash,
  media_type: mediaType,
  name: z.string().max(300).nullish(),
});

export const toolsInputSchema = z
  .array(
    toolSchema.extend({
      description: toolSchema.shape.description.nullish().transform((text) => text ?? ''),
      parameters: toolSchema.shape.parameters.optional().transform((schema) => schema ?? null),
      strict: toolSchema.shape.strict.optional().transform((strict) => strict ?? null),
    }),
  )
  .max(MAX_TOOLS)
  .superRefine((tools, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of tools.entries()) {
      if (seen.has(name)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `"${name}" is the name of another tool`,
        });
      }
      seen.add(name);
    }
  });
