import * as z from 'zod';
import type { JsonValue, Variables } from '../../../src-shared/domain';
import { readExactJson } from '../../../src-shared/files';
import {
  exampleOf,
  FILE,
  MESSAGES,
  valueOf,
  variableShapes,
  type Shape,
} from '../../../src-shared/files/variables';
import { textsOfDraft, type Draft } from './draft';
import { placeholdersOf } from './draft-messages';

type Content = Pick<Draft, 'messages' | 'system_instructions' | 'user_prompt_template'>;

const PARTIAL = /\{%-?\s*render\s+["']([\w-]+)["']/g;

/** Names of the partials that a draft uses. */
export function partialsIn(draft: Content): string[] {
  return textsOfDraft(draft).flatMap((source) => [...source.matchAll(PARTIAL)].map(([, name = '']) => name));
}

/**
 * The draft's variables with what each takes: as its texts and their partials use it, a list of messages, a file.
 * @param partials texts by name, as far as they are known
 */
export function draftShapes(
  draft: Content,
  partials: ReadonlyMap<string, string>,
): ReadonlyMap<string, Shape> {
  const messages = draft.messages ?? [];
  const texts = [...textsOfDraft(draft), ...partialsIn(draft).map((name) => partials.get(name) ?? '')];
  return new Map([
    ...variableShapes(texts.join('\n')),
    ...placeholdersOf(messages).map(({ name }) => [name, MESSAGES] as const),
    ...messages.flatMap(({ parts }) => fileVariables(parts)).map((name) => [name, FILE] as const),
  ]);
}

/** Whether a variable takes a stored file. */
export function isFileShape(shape: Shape | undefined): boolean {
  return shape === FILE;
}

/** The variables that image and file parts name. */
function fileVariables(parts: string | null): string[] {
  const read = parts === null ? null : readExactJson(parts);
  if (read?.ok !== true) return [];
  const list = z.array(z.looseObject({ variable: z.string().optional() })).safeParse(read.value);
  return (list.data ?? []).flatMap(({ variable }) => variable ?? []);
}

/**
 * Values for a preview: those typed, and for others an example that shows its own name, so that there is a preview from
 * the first word on. A file has no example.
 */
export function previewValues(
  shapes: ReadonlyMap<string, Shape>,
  fixtures: Readonly<Record<string, string>>,
  optional: readonly string[],
): Variables {
  const examples = [...shapes].flatMap(([name, shape]): [string, JsonValue][] => {
    if (optional.includes(name) || shape === FILE) return [];
    return [[name, shape === MESSAGES ? [{ role: 'user', content: `⟨${name}⟩` }] : exampleOf(name, shape)]];
  });
  const filled = Object.entries(fixtures)
    .filter(([, typed]) => typed !== '')
    .map(([name, typed]): [string, JsonValue] => [name, valueOf(typed, shapes.get(name))]);
  return Object.fromEntries([...examples, ...filled]);
}

/** What to type for a variable. */
export function placeholderOf(name: string, shape: Shape | undefined): string {
  if (shape === MESSAGES) return 'JSON, such as [{"role": "user", "content": "Hi"}]';
  if (shape === FILE) return 'JSON, such as {"asset_sha256": "…", "media_type": "image/png"}';
  return !shape || shape.kind === 'text'
    ? 'Value to try'
    : `JSON, such as ${JSON.stringify(exampleOf(name, shape))}`;
}
