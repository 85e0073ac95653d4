import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src-shared/domain';
import { billOf, events, type BilledAnswer, type BillRow } from '../../../test/support/bill';

// Worked out by hand from the rates of @pydantic/genai-prices 0.1.8, in microdollars (µ$) of a million picodollars.
// gemini-2.5-flash: 0.3 in, 0.03 cached, 2.5 out; sound 1 in, 0.1 cached.

const FLASH = 'gemini-2.5-flash';

interface Rest {
  readonly model?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly grounding?: JsonObject;
}

function content(
  usageMetadata: JsonObject | undefined,
  { model = FLASH, headers, grounding }: Rest = {},
): BilledAnswer {
  return {
    provider: 'google',
    model,
    body: {
      candidates: [
        {
          content: { role: 'model', parts: [{ text: 'Hi' }] },
          finishReason: 'STOP',
          index: 0,
          ...(grounding && { groundingMetadata: grounding }),
        },
      ],
      modelVersion: model,
      ...(usageMetadata && { usageMetadata }),
    },
    ...(headers && { fields: { headers: headers.map(([name, value]) => [name, value]) } }),
  };
}

const plain = { promptTokenCount: 1000, candidatesTokenCount: 100, totalTokenCount: 1100 };
const counts = (...of: readonly (readonly [string, number])[]) =>
  of.map(([modality, tokenCount]) => ({ modality, tokenCount }));

const ROWS: readonly BillRow[] = [
  // 1,000 × 0.3 + 100 × 2.5 = 550 µ$
  ['plain', content(plain), 550_000_000n],
  // 600 × 0.3 + 400 × 0.03 + 100 × 2.5 = 442 µ$
  ['cached', content({ ...plain, cachedContentTokenCount: 400 }), 442_000_000n],
  // gemini-2.5-pro: 10 × 1.25 + (3 + 40) × 10 = 442.5 µ$
  [
    'thoughts beside the output',
    content(
      { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 40, totalTokenCount: 53 },
      { model: 'gemini-2.5-pro' },
    ),
    442_500_000n,
  ],
  // gemini-2.5-pro: 10 × 1.25 + 40 × 10 = 412.5 µ$
  [
    'thoughts alone',
    content(
      { promptTokenCount: 10, thoughtsTokenCount: 40, totalTokenCount: 50 },
      { model: 'gemini-2.5-pro' },
    ),
    412_500_000n,
  ],
  // (1,000 + 500) × 0.3 + 100 × 2.5 = 700 µ$
  [
    'results of tools',
    content({ ...plain, toolUsePromptTokenCount: 500, totalTokenCount: 1600 }),
    700_000_000n,
  ],
  // gemini-2.5-pro: 200,000 × 1.25 + 100 × 10 = 251,000 µ$
  [
    'the last token of the short tier',
    content({ promptTokenCount: 200_000, candidatesTokenCount: 100 }, { model: 'gemini-2.5-pro' }),
    251_000_000_000n,
  ],
  // gemini-2.5-pro: 200,001 × 2.5 + 100 × 15 = 501,502.5 µ$
  [
    'the first of the long tier',
    content({ promptTokenCount: 200_001, candidatesTokenCount: 100 }, { model: 'gemini-2.5-pro' }),
    501_502_500_000n,
  ],
  // gemini-3-pro-image-preview: 100 × 2 + 2,000 × 120 + 100 × 12 = 241,400 µ$
  [
    'a picture of 2,000 tokens',
    content(
      {
        promptTokenCount: 100,
        candidatesTokenCount: 2100,
        candidatesTokensDetails: counts(['TEXT', 100], ['IMAGE', 2000]),
      },
      { model: 'gemini-3-pro-image-preview' },
    ),
    241_400_000_000n,
  ],
  [
    'a picture without a rate',
    content({ ...plain, candidatesTokensDetails: counts(['IMAGE', 100]) }),
    'no rate (output_image_mtok) for 100',
  ],
  // 400 × 0.3 + 600 × 1 + 100 × 2.5 = 970 µ$
  ['sound', content({ ...plain, promptTokensDetails: counts(['TEXT', 400], ['AUDIO', 600]) }), 970_000_000n],
  // 200 × 0.3 + 300 × 1 + 200 × 0.03 + 300 × 0.1 + 100 × 2.5 = 646 µ$
  [
    'sound, half of it cached',
    content({
      ...plain,
      promptTokensDetails: counts(['TEXT', 400], ['AUDIO', 600]),
      cachedContentTokenCount: 500,
      cacheTokensDetails: counts(['TEXT', 200], ['AUDIO', 300]),
    }),
    646_000_000n,
  ],
  [
    'sound, cached nobody knows how much',
    content({ ...plain, promptTokensDetails: counts(['AUDIO', 600]), cachedContentTokenCount: 500 }),
    'does not say how much of it was text',
  ],
  [
    'a modality unheard of',
    content({ ...plain, candidatesTokensDetails: counts(['SMELL', 5]) }),
    'no rate (output_smell_mtok) for 5',
  ],
  [
    'searches, without a price',
    content(plain, { grounding: { webSearchQueries: ['a', 'b'] } }),
    'no price for web searches',
  ],
  [
    'maps',
    content(plain, { grounding: { groundingChunks: [{ maps: { uri: 'https://maps.example' } }] } }),
    'used Google Maps',
  ],
  ['header standard', content(plain, { headers: [['x-gemini-service-tier', 'standard']] }), 550_000_000n],
  [
    'header flex',
    content(plain, { headers: [['x-gemini-service-tier', 'flex']] }),
    'the service tier “flex”',
  ],
  ['tier priority', content({ ...plain, serviceTier: 'priority' }), 'the service tier “priority”'],
  ['traffic on demand', content({ ...plain, trafficType: 'ON_DEMAND' }), 550_000_000n],
  [
    'traffic of provisioned throughput',
    content({ ...plain, trafficType: 'PROVISIONED_THROUGHPUT' }),
    'the traffic type “PROVISIONED_THROUGHPUT”',
  ],
  ['a count unheard of', content({ ...plain, dreamTokenCount: 3 }), 'usageMetadata.dreamTokenCount (3)'],
  [
    'totals that contradict',
    content({ ...plain, totalTokenCount: 2000 }),
    '2000 tokens in total, but its parts add up to 1100',
  ],
  [
    'cached less than none',
    content({ ...plain, cachedContentTokenCount: -3 }),
    'cachedContentTokenCount (-3)',
  ],
  [
    'half a token of sound',
    content({ ...plain, promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 7.5 }] }),
    'tokenCount (7.5)',
  ],
  [
    'details that are no list',
    content({ ...plain, promptTokensDetails: { AUDIO: 600 } }),
    'promptTokensDetails ({"AUDIO":600})',
  ],
  ['a model that is not listed', content(plain, { model: 'gemini-9-pro' }), 'no price for this model'],
  ['no usage', content(undefined), 'does not say how many tokens it read'],
  // 550 µ$: the counts of the last event stand
  [
    'streamed',
    {
      provider: 'google',
      model: FLASH,
      body: events(
        {
          candidates: [{ content: { role: 'model', parts: [{ text: 'H' }] }, index: 0 }],
          modelVersion: FLASH,
          usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 1, totalTokenCount: 1001 },
        },
        {
          candidates: [
            { content: { role: 'model', parts: [{ text: 'i' }] }, finishReason: 'STOP', index: 0 },
          ],
          modelVersion: FLASH,
          usageMetadata: plain,
        },
      ),
    },
    550_000_000n,
  ],
];

it.each(ROWS)('a Gemini answer is billed: %s', (_what, answer, expected) => {
  const bill = billOf('gemini.generate_content', answer);
  if (typeof expected === 'bigint') expect(bill).toBe(expected);
  else expect(bill).toContain(expected);
});
