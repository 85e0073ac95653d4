import type { JsonObject } from '../../../src-shared/domain';
import { asCount, asList, asText, asWord, isObject } from '../http';
import type { Assembled, JsonEvent } from '../http';

const FINAL_EVENTS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/** Assembles a response from its events (docs/providers.md#streams). */
export function assembleResponse(events: readonly JsonEvent[]): Assembled {
  let base: JsonObject | null = null;
  const items = new Map<number, JsonObject>();
  const written = new Map<number, PartialItem>();
  for (const { name, json } of events) {
    const type = asWord(json['type']) ?? name ?? '';
    const response = json['response'];
    if (isObject(response)) base = response;
    if (FINAL_EVENTS.has(type) && isObject(response)) {
      // Some servers omit the streamed items from the final object.
      const isBare = asList(response['output']).length === 0 && items.size + written.size > 0;
      return { json: isBare ? partial(response, items, written) : response, end: 'final' };
    }
    const index = asCount(json['output_index']) ?? 0;
    if (isObject(json['item'])) items.set(index, json['item']);
    takeDelta(written, index, type, json);
  }
  return { json: partial(base, items, written), end: 'open' };
}

/** What an item's events have brought so far. */
interface PartialItem {
  text: string;
  refusal: string;
  /** Arguments of a call, or the text that a custom tool is given. */
  call: string;
  /** Texts by the index that the provider gives them. */
  readonly summary: Map<number, string>;
  readonly thinking: Map<number, string>;
}

function takeDelta(written: Map<number, PartialItem>, index: number, type: string, json: JsonObject): void {
  const delta = asText(json['delta']);
  const part = PARTS.get(type);
  if (delta === null || part === undefined) return;
  const item = written.get(index) ?? {
    text: '',
    refusal: '',
    call: '',
    summary: new Map(),
    thinking: new Map(),
  };
  written.set(index, item);
  if (part === 'summary' || part === 'thinking') {
    const at = asCount(json[part === 'summary' ? 'summary_index' : 'content_index']) ?? 0;
    item[part].set(at, (item[part].get(at) ?? '') + delta);
  } else item[part] += delta;
}

const PARTS: ReadonlyMap<string, keyof PartialItem> = new Map([
  ['response.output_text.delta', 'text'],
  ['response.refusal.delta', 'refusal'],
  ['response.function_call_arguments.delta', 'call'],
  ['response.custom_tool_call_input.delta', 'call'],
  ['response.reasoning_summary_text.delta', 'summary'],
  ['response.reasoning_text.delta', 'thinking'],
] as const);

/** What a broken-off stream had brought: finished items, and what was being written. */
function partial(
  base: JsonObject | null,
  items: ReadonlyMap<number, JsonObject>,
  written: ReadonlyMap<number, PartialItem>,
): JsonObject | null {
  if (base === null) return null;
  const indexes = [...new Set([...items.keys(), ...written.keys()])].toSorted((a, b) => a - b);
  const output = indexes.map((index) => filled(items.get(index), written.get(index)));
  return { ...base, output };
}

/** An item as it was announced, with what its deltas brought; a finished one has it already. */
function filled(announced: JsonObject | undefined, parts: PartialItem | undefined): JsonObject {
  if (parts === undefined) return announced ?? {};
  const item = announced ?? { type: typeOf(parts), role: 'assistant' };
  switch (item['type']) {
    case 'function_call':
      return asWord(item['arguments']) === null ? { ...item, arguments: parts.call } : item;
    case 'custom_tool_call':
      return asWord(item['input']) === null ? { ...item, input: parts.call } : item;
    case 'reasoning':
      return {
        ...item,
        ...emptyFilled(item, 'summary', textParts('summary_text', inOrder(parts.summary))),
        ...emptyFilled(item, 'content', textParts('reasoning_text', inOrder(parts.thinking))),
      };
    default: {
      const content = textParts('output_text', [parts.text]);
      if (parts.refusal !== '') content.push({ type: 'refusal', refusal: parts.refusal });
      return { ...item, ...emptyFilled(item, 'content', content) };
    }
  }
}

function typeOf({ call, summary, thinking }: PartialItem): string {
  return call !== '' ? 'function_call' : summary.size + thinking.size > 0 ? 'reasoning' : 'message';
}

function emptyFilled(item: JsonObject, field: string, parts: JsonObject[]): JsonObject {
  return asList(item[field]).length > 0 || parts.length === 0 ? {} : { [field]: parts };
}

function inOrder(texts: ReadonlyMap<number, string>): string[] {
  return [...texts].toSorted(([a], [b]) => a - b).map(([, text]) => text);
}

function textParts(type: string, texts: readonly string[]): JsonObject[] {
  return texts
    .filter((text) => text !== '')
    .map((text) => ({ type, text, ...(type === 'output_text' && { annotations: [] }) }));
}
