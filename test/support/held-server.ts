import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

type Answer = (response: ServerResponse) => void;

export interface HeldServer {
  /** Base URL for a provider that speaks OpenAI chat, such as `lm-studio`. */
  readonly url: string;
  /** Requests so far. */
  readonly arrived: number;
  /** Resolves once this many requests have arrived in total. */
  hasArrived(count: number): Promise<void>;
  /** Answers the oldest waiting request. */
  release(answer?: Answer): void;
  /** Answers all waiting and future requests. */
  open(answer?: Answer): void;
}

/** A server that holds every request until the test releases it, so that the state in between can be inspected. */
export async function heldServer(): Promise<HeldServer> {
  const waiting: ServerResponse[] = [];
  const watchers = new Set<() => void>();
  let arrived = 0;
  let always: Answer | null = null;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      arrived += 1;
      if (always) always(response);
      else waiting.push(response);
      for (const watcher of watchers) watcher();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    get arrived() {
      return arrived;
    },
    hasArrived: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (arrived < count) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    release(answer = chatAnswer()) {
      const response = waiting.shift();
      if (!response) throw new Error('No request waits.');
      answer(response);
    },
    open(answer = chatAnswer()) {
      always = answer;
      for (const response of waiting.splice(0)) answer(response);
    },
  };
}

export const chatBody = (content: string): string =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'held-model',
    system_fingerprint: 'fp_held',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });

export function chatAnswer(content = 'held answer'): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(chatBody(content));
  };
}

/** A 429 that asks to wait this many seconds. */
export function rateLimited(seconds: number): Answer {
  return (response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': String(seconds) });
    response.end('{"error":{"message":"Slow down"}}');
  };
}
