import type { Model } from '../../src-shared/domain';

/** Models that do not chat. */
const OTHER_KINDS =
  /embed|whisper|tts|transcri|speech|audio|voice|image|dall-?e|diffusion|flux|sora|video|rerank|moderation|guard|\bbge\b|\bclip\b|ocr/i;
const SMALL = /\b(nano|mini|tiny|small|lite|flash|haiku)\b|\b[1-9](\.\d)?b\b/i;

/** The listed model to use for a test: one that chats and, judging by its name, is cheap. */
export function modelToTry(models: readonly Pick<Model, 'model_id'>[]): string | null {
  const ids = models.map(({ model_id }) => model_id).filter((id) => !OTHER_KINDS.test(id));
  return ids.find((id) => SMALL.test(id)) ?? ids[0] ?? null;
}
