import { eventFrame, textDeltas } from '../sse';
import { listOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';

const DELTA_CHARS = 32;

/** The named events of a streamed message. `fails`: the stream ends with an `error` event. */
export function messageFrames(
  message: WireRecord & { readonly content: readonly WireRecord[] },
  fails: boolean,
): string[] {
  const frames: string[] = [];
  const send = (type: string, fields: object) => frames.push(eventFrame(type, { type, ...fields }));
  const usage = message['usage'] === undefined ? undefined : recordOf(message['usage']);

  send('message_start', {
    message: {
      ...message,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      ...(usage === undefined ? {} : { usage: { ...usage, output_tokens: 1, output_tokens_details: null } }),
    },
  });
  for (const [index, block] of message.content.entries()) {
    sendBlock(send, block, index);
    if (index === 0) send('ping', {});
    if (fails) {
      send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
      return frames;
    }
  }
  const { stop_reason, stop_sequence, stop_details, container } = message;
  send('message_delta', {
    delta: { stop_reason, stop_sequence, stop_details, container },
    ...(usage === undefined ? {} : { usage: deltaUsage(usage) }),
  });
  send('message_stop', {});
  return frames;
}

type Send = (type: string, fields: object) => void;

function sendBlock(send: Send, block: WireRecord, index: number): void {
  const start = (content_block: object) => send('content_block_start', { index, content_block });
  const delta = (fields: object) => send('content_block_delta', { index, delta: fields });
  switch (block['type']) {
    case 'text': {
      const citations = listOf(block['citations']);
      start({ ...block, text: '', citations: citations.length > 0 ? [] : null });
      for (const citation of citations) delta({ type: 'citations_delta', citation });
      for (const text of textDeltas(textOf(block['text']) ?? '', DELTA_CHARS))
        delta({ type: 'text_delta', text });
      break;
    }
    case 'thinking':
      start({ ...block, thinking: '', signature: '' });
      // A withheld text is one empty piece.
      for (const thinking of block['thinking'] === ''
        ? ['']
        : textDeltas(textOf(block['thinking']) ?? '', DELTA_CHARS))
        delta({ type: 'thinking_delta', thinking });
      delta({ type: 'signature_delta', signature: block['signature'] });
      break;
    case 'tool_use':
    case 'server_tool_use':
      start({ ...block, input: {} });
      for (const partial_json of textDeltas(JSON.stringify(block['input']), DELTA_CHARS)) {
        delta({ type: 'input_json_delta', partial_json });
      }
      break;
    default:
      // Tool results are not streamed piece by piece.
      start(block);
  }
  send('content_block_stop', { index });
}

/** Cumulative counts, without the fields that only `message_start` carries. */
function deltaUsage(usage: WireRecord): object {
  const { cache_creation: _, service_tier: __, speed: ___, inference_geo: ____, ...counts } = usage;
  return counts;
}
