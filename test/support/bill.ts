import { createProviderClients } from '../../src-main/providers';
import { costOfAnswer, createPricing } from '../../src-main/runs/cost';
import type { StoredAnswer } from '../../src-main/ports';
import { protocolOfApi, type JsonObject, type ResponseApi } from '../../src-shared/domain';
import { answerBytes } from './provider-calls';

const clients = createProviderClients();
const pricing = createPricing();
const AT = '2026-11-20T12:00:00.000Z';

/** An answer as it came, by the provider and the model that were asked. */
export interface BilledAnswer {
  readonly provider: string;
  readonly model: string;
  /** The body, or the events of a stream. */
  readonly body: JsonObject | string;
  readonly fields?: Partial<StoredAnswer>;
}

/** What the bytes of an answer come to: picodollars, or the reason why nobody knows. */
export function billOf(api: ResponseApi, { provider, model, body, fields }: BilledAnswer): bigint | string {
  const streamed = typeof body === 'string';
  const stored = answerBytes(api, streamed ? body : JSON.stringify(body), {
    requestedModel: model,
    providerId: provider,
    streamed,
    ...fields,
  });
  const result = clients.clientFor(protocolOfApi(api)).parse(stored);
  if (!result.ok) throw new Error(result.message);
  const { cost } = costOfAnswer(pricing, result.answer, {
    providerId: provider,
    modelId: model,
    executedAt: AT,
  });
  return cost.picodollars ?? cost.why;
}

/** Events of a stream as they are sent. */
export function events(...data: readonly JsonObject[]): string {
  return data
    .map((event) => {
      const name = typeof event['type'] === 'string' ? `event: ${event['type']}\n` : '';
      return `${name}data: ${JSON.stringify(event)}\n\n`;
    })
    .join('');
}

/** A row of a price table: what it shows, the answer, and what it comes to (a text is in the reason of no cost). */
export type BillRow = readonly [what: string, answer: BilledAnswer, expected: bigint | string];
