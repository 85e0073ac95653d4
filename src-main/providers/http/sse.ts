/** One event of a text/event-stream (WHATWG HTML, Server-sent events). */
export interface SseEvent {
  /** The `event:` field, or null for an unnamed event. */
  readonly name: string | null;
  readonly data: string;
}

export interface SseReader {
  /** Adds text and returns the events it completes. */
  push(text: string): SseEvent[];
  /** Flushes text after the last complete event: some servers omit the final blank line, and streams get cut. */
  rest(): SseEvent[];
}

const LINE_END = /[\r\n]/g;

export function createSseReader(): SseReader {
  let buffer = '';
  /** The buffer is known to hold no line end up to here, so a long line is not rescanned for each chunk. */
  let searched = 0;
  let name: string | null = null;
  let data: string[] = [];

  const flush = (events: SseEvent[]): void => {
    if (data.length > 0) events.push({ name, data: data.join('\n') });
    name = null;
    data = [];
  };
  const line = (text: string, events: SseEvent[]): void => {
    if (text === '') return flush(events);
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? text : text.slice(0, colon);
    const raw = colon === -1 ? '' : text.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (field === 'data') data.push(value);
    else if (field === 'event') name = value;
  };
  const drain = (events: SseEvent[], final: boolean): void => {
    let start = 0;
    for (;;) {
      LINE_END.lastIndex = Math.max(start, searched);
      const end = LINE_END.exec(buffer)?.index;
      if (end === undefined) {
        searched = buffer.length - start;
        break;
      }
      searched = 0;
      const isCr = buffer.charCodeAt(end) === 13;
      // A CR at the very end may be half of a CRLF still to come.
      if (isCr && end === buffer.length - 1 && !final) {
        searched = end - start;
        break;
      }
      line(buffer.slice(start, end), events);
      start = end + (isCr && buffer.charCodeAt(end + 1) === 10 ? 2 : 1);
    }
    buffer = buffer.slice(start);
  };

  return {
    push(text) {
      const events: SseEvent[] = [];
      buffer += text;
      drain(events, false);
      return events;
    },
    rest() {
      const events: SseEvent[] = [];
      drain(events, true);
      if (buffer !== '') line(buffer, events);
      buffer = '';
      flush(events);
      return events;
    },
  };
}

/** All events of a stored stream; the last one may be incomplete. */
export function readEvents(text: string): SseEvent[] {
  const reader = createSseReader();
  const events = reader.push(text.startsWith('\uFEFF') ? text.slice(1) : text);
  events.push(...reader.rest());
  return events;
}

const PING_NAMES: ReadonlySet<string | null> = new Set(['ping', 'keepalive', 'keep-alive', 'heartbeat']);
const PING_TEXT = /^\[?(ping|pong|keep[-_ ]?alive|heart[-_ ]?beat)\]?$|^[a-z ]{0,40}processing\.*$/i;

/** Keep-alive events. Anything else that is not JSON is a broken event. */
export function isHeartbeat({ name, data }: SseEvent): boolean {
  const text = data.trim();
  return text === '' || PING_NAMES.has(name) || PING_TEXT.test(text);
}

/** Whether a body is an event stream, regardless of its content type. */
export function looksLikeEvents(text: string): boolean {
  return /^\uFEFF?\s*(data|event|id|retry)?:/.test(text.slice(0, 200));
}
