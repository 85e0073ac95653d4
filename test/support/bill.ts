import { createProviderClients } from '../../src-main/providers';
import { costOfAnswer, createPricing } from '../../src-main/runs/cost';
import type { StoredAnswer } from '../../src-main/ports';
import { protocolOfApi, type JsonObject, type ResponseApi } from '../../src-shared/domain';
import { answerBytes } from './provider-calls';

const clients = createProviderClients();
const pricing = createPricing();
const AT = '2026-11-20T12:00:00.000Z';

/** An answer as received, with the provider and model that were asked. */
export interface BilledAnswer {
  readonly provider: string;
  readonly model: string;
  /** The body, or a stream's events. */
  readonly body: JsonObject | string;
  readonly fields?: Partial<StoredAnswer>;
}

/** The cost of an answer's bytes in picodollars, or why it is unknown. */
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

/** A stream's events in wire format. */
export function events(...data: readonly JsonObject[]): string {
  return data
    .map((event) => {
      const name = typeof event['type'] === 'string' ? `event: ${event['type']}\n` : '';
      return `${name}data: ${JSON.stringify(event)}\n\n`;
    })
    .join('');
}

/**
 * A test case for prices: what it shows, the answer, and its cost (or a text that the reason for an unknown cost
 * contains).
 */
export type BillRow = readonly [what: string, answer: BilledAnswer, expected: bigint | string];
