import { validationError, type AppError, type JsonValue, type Template } from '../../src-shared/domain';
import { assetBase64, assetsIn } from '../assets';
import type { ComposedRequest, ConnectionResolver, ProviderClients, Service } from '../ports';
import { requireTemplate, type Store } from '../store';
import { providerOf, renderedSource } from '../templates';
import { callRequest } from './call-request';
import { assertCanSearch } from './can-search';
import { groundingModeOf, offersSearch, paramsOf, renderToSend } from './plan';
import { assertSupported } from './template-rules';

interface ComposeDeps {
  readonly store: Store;
  readonly clients: ProviderClients;
  readonly connections: ConnectionResolver;
}

type Compose = Service<'runs'>['compose'];
type ComposeInput = Parameters<Compose>[0];

/**
 * What a run of a template or a draft would send, by the code that sends it. No key is read, so none can be in it.
 * @throws what `start` throws before it sends anything
 */
export function createCompose({ store, clients, connections }: ComposeDeps): Compose {
  return async (input) => {
    const { template_id, variables } = input;
    const stored = template_id === undefined ? undefined : requireTemplate(store.read, template_id);
    const source = renderedSource(store.read, stored, contentOf(input));
    const settings = settingsOf(input, stored);
    assertSupported(store.read, { ...settings, template_id: template_id ?? '' });
    const prompt = renderToSend(store.read, source, { variables });

    const modelId = input.model_id ?? settings.model_id;
    const target = connections.find({
      org_id: source.org_id,
      connection_id: input.connection_id,
      provider: providerOf(settings, { provider: input.provider ?? undefined, model_id: input.model_id }),
      model_id: modelId,
    });
    const mode = groundingModeOf(settings, {});
    assertCanSearch(clients, { target, modelId, mode });
    const endpoint = await connections.addressOf(target.connectionId);
    const client = clients.clientFor(endpoint.protocol);
    const base64 = new Map(
      assetsIn(prompt.messages).map((sha256) => [sha256, assetBase64(store.read, sha256)] as const),
    );
    const composed = await client.compose(
      callRequest(
        {
          endpoint,
          prompt,
          inferenceParams: paramsOf(settings, {}),
          search: offersSearch(client, { mode, providerId: endpoint.providerId, modelId }),
          stream: input.stream,
          run: { model_id: modelId },
          template: settings,
        },
        (sha256) => base64.get(sha256) ?? '',
      ),
    );
    if (!composed.ok) throw refusal(composed);
    return {
      connection_id: target.connectionId,
      provider: endpoint.providerId,
      model_id: modelId,
      method: composed.method,
      url: composed.url,
      headers: Object.fromEntries(composed.headers),
      request_body: input.files === 'whole' ? composed.body : shortened(composed.body, [...base64.values()]),
      request_size: Buffer.byteLength(composed.body),
    };
  };
}

/** What is said, as the renderer of drafts takes it. */
function contentOf(input: ComposeInput): Parameters<typeof renderedSource>[2] {
  const { org_id, workspace_id, system_instructions, user_prompt_template } = input;
  const { messages, tools, tool_choice, includes } = input;
  const content = { system_instructions, user_prompt_template, messages, tools, tool_choice, includes };
  return { org_id, workspace_id, ...content };
}

/** How it is asked: the given settings, else the template's. */
function settingsOf(
  input: ComposeInput,
  stored: Template | undefined,
): Pick<
  Template,
  'name' | 'provider' | 'model_id' | 'inference_params' | 'response_schema' | 'grounding_mode' | 'als'
> {
  const model_id = stored?.model_id ?? input.model_id;
  if (model_id === undefined) {
    throw validationError([{ path: 'model_id', message: 'is needed: which model is asked' }]);
  }
  return {
    name: stored?.name ?? 'The draft',
    model_id,
    provider: input.provider === undefined ? (stored?.provider ?? null) : input.provider,
    inference_params: { ...stored?.inference_params, ...input.inference_params },
    response_schema:
      input.response_schema === undefined ? (stored?.response_schema ?? null) : input.response_schema,
    grounding_mode: input.grounding_mode ?? stored?.grounding_mode ?? 'none',
    als: input.als ?? stored?.als ?? false,
  };
}

function refusal({ message, problem }: ComposedRequest & { ok: false }): AppError {
  if (problem !== null) return validationError([problem]);
  const [, path = 'inference_params'] = /^(inference_params\.[^:]+):/.exec(message) ?? [];
  return validationError([{ path, message }]);
}

/** Of a file this much is shown, so that its kind can be recognised. */
const SHOWN_BASE64 = 32;

/** The body with the Base64 of its files cut, and its length said. */
function shortened(body: string, files: readonly string[]): string {
  const long = files.filter((base64) => base64.length > SHOWN_BASE64);
  if (long.length === 0) return body;
  const cut = (_key: string, value: JsonValue): JsonValue => {
    if (typeof value !== 'string') return value;
    const file = long.find((base64) => value.endsWith(base64));
    if (file === undefined) return value;
    const kept = value.slice(0, value.length - file.length + SHOWN_BASE64);
    return `${kept}… (${file.length} characters of Base64)`;
  };
  return JSON.stringify(JSON.parse(body, cut));
}
