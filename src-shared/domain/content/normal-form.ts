import type { Content, ContentPart, Message, SentMessage, ToolCall } from './message';

/** A part of content before its normal form, as far as it matters here. */
export interface PartLike {
  readonly type: 'text' | 'image' | 'file';
  readonly text?: string | undefined;
  readonly variable?: string | undefined;
  readonly asset_sha256?: string | undefined;
  readonly media_type?: string | undefined;
  readonly name?: string | null | undefined;
}

/** A message before its normal form. */
export interface MessageLike {
  readonly role?: 'system' | 'user' | 'assistant' | 'tool' | undefined;
  readonly content?: string | readonly PartLike[] | undefined;
  readonly tool_calls?: readonly ToolCall[] | undefined;
  readonly tool_call_id?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly optional?: boolean | undefined;
}

/**
 * The normal form of a message (docs/canonical.md#content-beyond-two-texts): empty text parts are dropped, content that
 * is exactly one text is that text, fields with a default are filled in.
 * @param textOf what becomes of each text; as it is by default
 */
export function normalMessage(message: MessageLike, textOf: (text: string) => string = asIs): Message {
  if (message.placeholder !== undefined) {
    return { placeholder: message.placeholder, optional: message.optional ?? false };
  }
  const content = normalContent(message.content ?? '', textOf);
  switch (message.role) {
    case 'tool':
      return { role: 'tool', content, tool_call_id: message.tool_call_id ?? '' };
    case 'assistant':
      return (message.tool_calls ?? []).length === 0
        ? { role: 'assistant', content }
        : { role: 'assistant', content, tool_calls: [...(message.tool_calls ?? [])] };
    default:
      return { role: message.role ?? 'user', content };
  }
}

function asIs(text: string): string {
  return text;
}

function normalContent(content: string | readonly PartLike[], textOf: (text: string) => string): Content {
  if (typeof content === 'string') return textOf(content);
  const parts = content
    .map((part) => normalPart(part, textOf))
    .filter((part) => part.type !== 'text' || part.text !== '');
  const [only, ...more] = parts;
  if (only === undefined) return '';
  return more.length === 0 && only.type === 'text' ? only.text : parts;
}

function normalPart(part: PartLike, textOf: (text: string) => string): ContentPart {
  if (part.type === 'text') return { type: 'text', text: textOf(part.text ?? '') };
  if (part.variable !== undefined) return { type: part.type, variable: part.variable };
  return {
    type: part.type,
    asset_sha256: part.asset_sha256 ?? '',
    media_type: (part.media_type ?? '').trim().toLowerCase(),
    name: part.name ?? null,
  };
}

/** The short form of a conversation. */
export interface TwoTexts {
  readonly system_instructions: string;
  readonly user_prompt_template: string;
}

/** `[system, user]`; a system text that is empty says nothing and is left out. */
export function messagesOfTexts({ system_instructions, user_prompt_template }: TwoTexts): SentMessage[] {
  const user: SentMessage = { role: 'user', content: user_prompt_template };
  return system_instructions === '' ? [user] : [{ role: 'system', content: system_instructions }, user];
}

/** The two texts, where they are the whole conversation: one optional system text, then one user text. Else null. */
export function textsOfMessages(messages: readonly Message[]): TwoTexts | null {
  const texts = messages.map(plainTextOf);
  const [first, second, ...more] = texts;
  if (first === undefined || more.length > 0) return null;
  if (second === undefined) {
    return first?.role === 'user' ? { system_instructions: '', user_prompt_template: first.text } : null;
  }
  if (first?.role !== 'system' || second?.role !== 'user') return null;
  return { system_instructions: first.text, user_prompt_template: second.text };
}

function plainTextOf(message: Message): { role: string; text: string } | null {
  if (!('role' in message) || typeof message.content !== 'string' || 'tool_calls' in message) return null;
  return { role: message.role, text: message.content };
}
