import type { PixelSize } from '../content';
import { claudeVersion, modelName } from './model-family';
import { protocolRecord, type PracticeVendor, type Protocol } from './protocols';

/** How many input tokens a vendor counts for an image, and for a page of a PDF (docs/providers.md#what-files-count). */
export interface MediaRule {
  readonly image: (size: PixelSize) => number;
  readonly page: number;
}

/** The rules that the practice server bills by, whichever model it plays. */
export const MEDIA_RULES = {
  openai: {
    image: (size: PixelSize) => {
      const { width, height } = fitted(fitted(size, 2048, 'longer'), 768, 'shorter');
      return 85 + 170 * Math.ceil(width / 512) * Math.ceil(height / 512);
    },
    page: 1_000,
  },
  anthropic: {
    image: (size: PixelSize) => {
      const { width, height } = fitted(size, 1568, 'longer');
      return Math.ceil((width * height) / 750);
    },
    page: 1_500,
  },
  google: {
    image: ({ width, height }: PixelSize) =>
      width <= 384 && height <= 384 ? 258 : 258 * Math.ceil(width / 768) * Math.ceil(height / 768),
    page: 258,
  },
} as const satisfies Partial<Readonly<Record<PracticeVendor, MediaRule>>>;
/** A vendor that states no rule has none. */
const KNOWN_RULES: Partial<Readonly<Record<PracticeVendor, MediaRule>>> = MEDIA_RULES;

/** Scaled down until that side is `most` at most. */
function fitted({ width, height }: PixelSize, most: number, side: 'longer' | 'shorter'): PixelSize {
  const now = side === 'longer' ? Math.max(width, height) : Math.min(width, height);
  const scale = Math.min(1, most / now);
  return { width: width * scale, height: height * scale };
}

interface AskedModel {
  readonly protocol: Protocol;
  readonly simulated: boolean;
  readonly modelId: string;
}

interface MediaFacts {
  readonly size: PixelSize | null;
  readonly pages: number | null;
}

/** About how many tokens a model counts for an image or a PDF; null where its vendor's rule is not known to hold for it. */
export function mediaTokenEstimate(
  { protocol, simulated, modelId }: AskedModel,
  facts: MediaFacts,
): number | null {
  const { vendor } = protocolRecord(protocol).practice;
  const rule = KNOWN_RULES[vendor];
  if (rule === undefined) return null;
  if (facts.size !== null) {
    return simulated || imageRuleHolds(vendor, modelId) ? rule.image(facts.size) : null;
  }
  if (facts.pages === null) return null;
  return simulated || pageRuleHolds(vendor, modelId) ? rule.page * facts.pages : null;
}

/** The families whose documentation states the rule. Later ones count otherwise, or by a setting of the request. */
function imageRuleHolds(vendor: PracticeVendor, modelId: string): boolean {
  const id = modelName(modelId);
  switch (vendor) {
    case 'openai':
      return /^gpt-4o(-\d{4}-\d{2}-\d{2})?$/.test(id);
    case 'anthropic': {
      const version = claudeVersion(id);
      return version !== null && version < 4.7;
    }
    case 'google':
      return id.startsWith('gemini-2');
    default:
      return false;
  }
}

/** Only Gemini counts pages by a fixed rule; others add the text on them. */
function pageRuleHolds(vendor: PracticeVendor, modelId: string): boolean {
  return vendor === 'google' && modelName(modelId).startsWith('gemini-2');
}
