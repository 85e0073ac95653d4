import { SYSTEM_PROVIDER_IDS, systemProvider, type SystemProviderId } from './system-providers';

/** OpenAI's open model, files, and Ollama's tags: run on servers of one's own. */
const OPEN_MODEL = /(^|\/)gpt-oss|\.gguf$|:/;

/**
 * The providers that a model id suggests (docs/providers.md#model-ids), in whatever case it is written, the likeliest
 * first. A hint only: an explicit provider wins. None for an id that says nothing.
 */
export function inferProviders(modelId: string): readonly SystemProviderId[] {
  const id = withoutFaults(modelId.trim()).toLowerCase();
  if (id.startsWith('ft:')) return inferProviders(id.split(':')[1] ?? '');
  const isOpen = OPEN_MODEL.test(id);
  const suggested = SYSTEM_PROVIDER_IDS.filter((provider) => {
    const { modelIds } = systemProvider(provider);
    if (modelIds === null || modelIds === 'open') return isOpen && modelIds === 'open';
    return !isOpen && modelIds.some((pattern) => pattern.test(id));
  });
  // Any local server may have an open model; an id that is a vendor's own is only his.
  return isOpen ? suggested : suggested.slice(0, 1);
}

/** The practice provider's fault suffix, `gpt-4o@status=429`, is not part of the name. */
function withoutFaults(modelId: string): string {
  const at = modelId.indexOf('@');
  return at > 0 ? modelId.slice(0, at) : modelId;
}
