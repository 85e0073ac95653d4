import { readFileSync } from 'node:fs';
import * as z from 'zod';

const requestSchema = z.object({
  event: z.literal('request'),
  n: z.number(),
  client_request_id: z.string().nullable(),
});
const answerSchema = z.object({
  event: z.literal('answer'),
  n: z.number(),
  status: z.number(),
  complete: z.boolean(),
  latency_ms: z.number(),
  response_sha256: z.string(),
});
const entrySchema = z.discriminatedUnion('event', [requestSchema, answerSchema]);

export interface Witness {
  readonly requests: readonly z.infer<typeof requestSchema>[];
  readonly answers: readonly z.infer<typeof answerSchema>[];
}

/** What the practice server received and sent, from its journal; each call continues where the last one ended. */
export function journalReader(file: string): () => Witness {
  let read = 0;
  return () => {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    const entries = lines.slice(read).map((line) => entrySchema.parse(JSON.parse(line)));
    read = lines.length;
    return {
      requests: entries.filter((entry) => entry.event === 'request'),
      answers: entries.filter((entry) => entry.event === 'answer'),
    };
  };
}

/** How many requests were answered completely and successfully. */
export function servedCalls({ requests, answers }: Witness): number {
  const served = new Set(
    answers.filter(({ status, complete }) => status === 200 && complete).map(({ n }) => n),
  );
  return requests.filter(({ n }) => served.has(n)).length;
}
