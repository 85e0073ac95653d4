import { isPlaceholder, type Template } from '../../domain';
import { variableShapes, type Shape } from './shapes';

const text: Shape = { kind: 'text' };

/** What a placeholder takes: a list of messages. */
export const MESSAGES: Shape = {
  kind: 'list',
  item: {
    kind: 'object',
    fields: new Map([
      ['role', text],
      ['content', text],
    ]),
  },
};

/** What the variable of an image or file takes: a stored file. */
export const FILE: Shape = {
  kind: 'object',
  fields: new Map([
    ['asset_sha256', text],
    ['media_type', text],
  ]),
};

/** The variables of frozen templates that are compared, with what each takes. */
export function templateShapes(templates: readonly Pick<Template, 'messages'>[]): ReadonlyMap<string, Shape> {
  return new Map(templates.flatMap(({ messages }) => [...messageShapes(messages)]));
}

function messageShapes(messages: Template['messages']): ReadonlyMap<string, Shape> {
  const texts: string[] = [];
  const others: [string, Shape][] = [];
  for (const message of messages) {
    if (isPlaceholder(message)) {
      others.push([message.placeholder, MESSAGES]);
      continue;
    }
    const { content } = message;
    for (const part of typeof content === 'string' ? [{ text: content }] : content) {
      if ('text' in part) texts.push(part.text);
      else if ('variable' in part) others.push([part.variable, FILE]);
    }
  }
  return new Map([...variableShapes(texts.join('\n')), ...others]);
}
