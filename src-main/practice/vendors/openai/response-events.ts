import { eventFrame, textDeltas } from '../sse';
import { listOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';

/** An item of `output[]`; a stream sends the same items piece by piece. */
export type OutputItem = WireRecord & { readonly id: string; readonly type: string };

const DELTA_CHARS = 24;

/** The typed events of a streamed Responses answer, numbered from 0. */
export function responseFrames(
  final: WireRecord & { readonly status: string },
  output: readonly OutputItem[],
): string[] {
  const frames: string[] = [];
  const send = (type: string, fields: object) => {
    frames.push(eventFrame(type, { type, sequence_number: frames.length, ...fields }));
  };

  const opening = {
    ...final,
    status: 'in_progress',
    completed_at: null,
    error: null,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  send('response.created', { response: opening });
  send('response.in_progress', { response: opening });
  for (const [output_index, item] of output.entries()) {
    if (item.type === 'message') sendMessage(send, item, output_index);
    else if (item.type === 'web_search_call') sendSearch(send, item, output_index);
    else if (item.type === 'function_call') sendCall(send, item, output_index);
    else if (item.type === 'reasoning') sendReasoning(send, item, output_index);
    else {
      send('response.output_item.added', { output_index, item });
      send('response.output_item.done', { output_index, item });
    }
  }
  send(`response.${final.status}`, { response: final });
  return frames;
}

type Send = (type: string, fields: object) => void;

function sendSearch(send: Send, item: OutputItem, output_index: number): void {
  const { action: _, results: __, ...bare } = item;
  send('response.output_item.added', { output_index, item: { ...bare, status: 'in_progress' } });
  for (const step of ['in_progress', 'searching', 'completed']) {
    send(`response.web_search_call.${step}`, { output_index, item_id: item.id });
  }
  send('response.output_item.done', { output_index, item });
}

function sendCall(send: Send, item: OutputItem, output_index: number): void {
  const at = { item_id: item.id, output_index };
  const text = textOf(item['arguments']) ?? '';
  send('response.output_item.added', {
    output_index,
    item: { ...item, status: 'in_progress', arguments: '' },
  });
  for (const delta of textDeltas(text, DELTA_CHARS))
    send('response.function_call_arguments.delta', { ...at, delta });
  send('response.function_call_arguments.done', { ...at, name: item['name'], arguments: text });
  send('response.output_item.done', { output_index, item });
}

function sendReasoning(send: Send, item: OutputItem, output_index: number): void {
  send('response.output_item.added', { output_index, item: { ...item, summary: [] } });
  for (const [summary_index, part] of listOf(item['summary']).map(recordOf).entries()) {
    const at = { item_id: item.id, output_index, summary_index };
    const text = textOf(part['text']) ?? '';
    send('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } });
    for (const delta of textDeltas(text, DELTA_CHARS))
      send('response.reasoning_summary_text.delta', { ...at, delta });
    send('response.reasoning_summary_text.done', { ...at, text });
    send('response.reasoning_summary_part.done', { ...at, part });
  }
  send('response.output_item.done', { output_index, item });
}

function sendMessage(send: Send, item: OutputItem, output_index: number): void {
  const at = { item_id: item.id, output_index, content_index: 0 };
  const part = recordOf(listOf(item['content'])[0]);
  send('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', content: [] } });

  if (part['type'] === 'refusal') {
    const refusal = textOf(part['refusal']) ?? '';
    send('response.content_part.added', { ...at, part: { ...part, refusal: '' } });
    for (const delta of textDeltas(refusal, DELTA_CHARS)) send('response.refusal.delta', { ...at, delta });
    send('response.refusal.done', { ...at, refusal });
  } else {
    const text = textOf(part['text']) ?? '';
    send('response.content_part.added', { ...at, part: { ...part, text: '', annotations: [] } });
    for (const delta of textDeltas(text, DELTA_CHARS)) {
      send('response.output_text.delta', { ...at, delta, logprobs: [] });
    }
    for (const [annotation_index, annotation] of listOf(part['annotations']).entries()) {
      send('response.output_text.annotation.added', { ...at, annotation_index, annotation });
    }
    send('response.output_text.done', { ...at, text, logprobs: [] });
  }
  send('response.content_part.done', { ...at, part });
  send('response.output_item.done', { output_index, item });
}
