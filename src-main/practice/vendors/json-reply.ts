import type { Reply } from '../exchange';

export function jsonReply(status: number, body: object, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: JSON.stringify(body) };
}

export function withHeaders(answer: Reply, headers: Record<string, string>): Reply {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
