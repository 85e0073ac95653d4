import type { JsonValue, Run } from '../../../src-shared/domain';

export interface PromptPart {
  readonly name: 'System' | 'User' | 'System and user';
  readonly text: string;
}

/**
 * The rendered prompt by role. The record holds one text, system instructions first; where they end is read from the
 * request that was sent, and only if the two agree.
 */
export function promptParts({
  rendered_prompt,
  request_json,
}: Pick<Run, 'rendered_prompt' | 'request_json'>): readonly PromptPart[] {
  const system = systemOf(request_json);
  if (system === null) return [{ name: 'System and user', text: rendered_prompt }];
  if (system === '') return [{ name: 'User', text: rendered_prompt }];
  const head = `${system}\n\n`;
  if (!rendered_prompt.startsWith(head)) return [{ name: 'System and user', text: rendered_prompt }];
  return [
    { name: 'System', text: system },
    { name: 'User', text: rendered_prompt.slice(head.length) },
  ];
}

/** The system instructions in any provider's request format; empty if there are none, null if unknown. */
function systemOf(request: JsonValue): string | null {
  const body = fieldsOf(request);
  if (body === null) return null;
  for (const name of ['instructions', 'system', 'systemInstruction']) {
    const value = body[name];
    if (value !== undefined && value !== null) return textOf(value);
  }
  const { messages } = body;
  if (!Array.isArray(messages)) return '';
  const first = fieldsOf(messages[0] ?? null);
  const isSystem = first?.['role'] === 'system' || first?.['role'] === 'developer';
  return isSystem ? textOf(first?.['content'] ?? null) : '';
}

/** A string, or the joined texts of its parts. */
function textOf(value: JsonValue): string | null {
  if (typeof value === 'string') return value;
  const parts = Array.isArray(value) ? value : fieldsOf(value)?.['parts'];
  if (!Array.isArray(parts)) return null;
  const texts = parts.map((part) => fieldsOf(part)?.['text']);
  return texts.every((text) => typeof text === 'string') ? texts.join('') : null;
}

function fieldsOf(value: JsonValue): { readonly [name: string]: JsonValue } | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}
