/**
 * The provider that a model id suggests (docs/providers.md#model-ids), in whatever case it is written. A hint only: an
 * explicit provider wins.
 * `ollama` stands for any local server; null is an id that says nothing.
 */
export type InferredProvider = 'openai' | 'anthropic' | 'google' | 'ollama';

const OPENAI =
  /^(gpt-(?!oss)|chatgpt-|o[1-9](-|$)|codex|computer-use-|omni-|text-embedding-|davinci|babbage)/;
const ANTHROPIC = /^(us\.|eu\.)?(anthropic[./])?claude-/;
const GOOGLE = /^(models\/)?(gemini-|gemma-|learnlm-|lyria-|nano-banana|deep-research-)/;
/** OpenAI's open model, files, and Ollama's tags: run on servers of one's own. */
const OPEN_MODEL = /(^|\/)gpt-oss|\.gguf$|:/;
const VENDORS: ReadonlyMap<string, InferredProvider> = new Map<string, InferredProvider>([
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['google', 'google'],
  ['models', 'google'],
]);

export function inferProvider(modelId: string): InferredProvider | null {
  const id = withoutFaults(modelId.trim()).toLowerCase();
  if (id.startsWith('ft:')) return inferProvider(id.split(':')[1] ?? '');
  if (OPEN_MODEL.test(id)) return 'ollama';
  const slash = id.indexOf('/');
  if (slash > 0) return VENDORS.get(id.slice(0, slash)) ?? (ANTHROPIC.test(id) ? 'anthropic' : null);
  if (OPENAI.test(id)) return 'openai';
  if (ANTHROPIC.test(id)) return 'anthropic';
  // Ollama names its tags with a colon, so a plain gemma is Google's.
  return GOOGLE.test(id) ? 'google' : null;
}

/** The practice provider's fault suffix, `gpt-4o@status=429`, is not part of the name. */
function withoutFaults(modelId: string): string {
  const at = modelId.indexOf('@');
  return at > 0 ? modelId.slice(0, at) : modelId;
}
