import {
  type GroundingMode,
  type JsonObject,
  type RunRequest,
  type Template,
  timestampOf,
} from '../../src-shared/domain';
import {
  isBlank,
  isPracticeProvider,
  messagesOfTexts,
  protocolRecord,
  textsOfMessages,
  validationError,
} from '../../src-shared/domain';
import { assertAssetsStored } from '../assets';
import type { CallEndpoint, Clock, Ids, ProviderClient, ProviderClients, SchemaLimit } from '../ports';
import type { NewRun, ReadDb } from '../store';
import {
  assertSendable,
  partialsOf,
  renderMessages,
  renderPrompt,
  sentPromptOf,
  type SentPrompt,
} from '../templates';

/** Everything a run needs, computed before anything is written or sent. */
export interface RunPlan {
  readonly run: NewRun;
  readonly template: Template;
  readonly endpoint: CallEndpoint;
  readonly prompt: SentPrompt;
  readonly inferenceParams: JsonObject;
  readonly search: boolean;
  readonly stream: boolean;
  readonly timeoutMs: number;
}

/** Long reasoning takes minutes; ten is the default of the official SDKs. */
const DEFAULT_TIMEOUT_MS = 600_000;

/** What of a template is rendered. */
export type RenderSource = Pick<
  Template,
  | 'org_id'
  | 'workspace_id'
  | 'system_instructions'
  | 'user_prompt_template'
  | 'messages'
  | 'tools'
  | 'tool_choice'
  | 'includes'
>;

/**
 * Strict: a missing variable is an error that names it (MISSING_VARIABLE).
 * @throws VALIDATION_FAILED, also for a given prompt where the template is no two texts
 */
export function renderFor(
  db: ReadDb,
  template: RenderSource,
  request: Pick<RunRequest, 'variables' | 'rendered_prompt'>,
): SentPrompt {
  const { rendered_prompt: given, variables = {} } = request;
  const partials = partialsOf(db, template);
  if (given === undefined) return sentPromptOf(renderMessages(template, variables, partials), template);
  if (textsOfMessages(template.messages) === null) {
    throw validationError([
      {
        path: 'rendered_prompt',
        message:
          'replaces the user text of a template with two texts, and this one is a conversation: give "variables"',
      },
    ]);
  }
  const { system } = renderPrompt({ ...template, user_prompt_template: '' }, variables, partials);
  return sentPromptOf(
    messagesOfTexts({ system_instructions: system, user_prompt_template: given }),
    template,
  );
}

/** A prompt of one text, of no template. */
export function plainPrompt(text: string): SentPrompt {
  const messages = messagesOfTexts({ system_instructions: '', user_prompt_template: text });
  return sentPromptOf(messages, { tools: [], tool_choice: null });
}

/** `renderFor` for a prompt that will be sent and so must not be empty. @throws VALIDATION_FAILED naming its field */
export function renderToSend(
  db: ReadDb,
  template: RenderSource,
  request: Pick<RunRequest, 'variables' | 'rendered_prompt'>,
): SentPrompt {
  const prompt = renderFor(db, template, request);
  const texts = textsOfMessages(prompt.messages);
  if (texts !== null && isBlank(texts.system_instructions) && isBlank(texts.user_prompt_template)) {
    const path = request.rendered_prompt === undefined ? 'user_prompt_template' : 'rendered_prompt';
    throw validationError([
      { path, message: 'renders to nothing, and there are no system instructions: nothing was sent' },
    ]);
  }
  assertSendable(prompt.messages);
  assertAssetsStored(db, prompt.messages);
  return prompt;
}

export interface BatchPlace {
  readonly batch_id: string;
  readonly batch_run_index: number;
}

export function planRun(
  deps: { clock: Clock; ids: Ids; clients: ProviderClients },
  input: {
    template: Template;
    endpoint: CallEndpoint;
    request: RunRequest;
    rendered: SentPrompt;
    place?: BatchPlace;
    idempotencyKey?: string | null;
    analysis?: JsonObject;
  },
): RunPlan {
  const { template, endpoint, request, rendered, place } = input;
  const now = timestampOf(deps.clock.now());
  const groundingMode = groundingModeOf(template, request);
  const modelId = request.model_id ?? template.model_id;
  const client = deps.clients.clientFor(endpoint.protocol);
  const limits = limitsOf(client, endpoint, template.response_schema);
  return {
    template,
    endpoint,
    prompt: rendered,
    inferenceParams: paramsOf(template, request),
    search: offersSearch(client, { mode: groundingMode, providerId: endpoint.providerId, modelId }),
    stream: request.stream ?? false,
    timeoutMs: request.timeout_seconds === undefined ? DEFAULT_TIMEOUT_MS : request.timeout_seconds * 1000,
    run: {
      run_id: deps.ids.uuid(),
      org_id: template.org_id,
      workspace_id: template.workspace_id,
      template_id: template.template_id,
      batch_id: place?.batch_id ?? null,
      batch_run_index: place?.batch_run_index ?? null,
      replicate_index: request.replicate_index ?? 0,
      provider: endpoint.providerId,
      connection_id: endpoint.connectionId,
      model_id: modelId,
      country: request.country ?? null,
      brand_name: request.brand_name ?? null,
      grounding_mode: groundingMode,
      rendered_prompt: rendered.rendered_prompt,
      rendered_prompt_sha256: rendered.rendered_prompt_sha256,
      simulated: isPracticeProvider(endpoint.providerId),
      idempotency_key: input.idempotencyKey ?? null,
      model_version_constraint: template.model_version_constraint,
      analysis_config: {
        scope: request.analysis_scope ?? null,
        timestamp: now,
        ...unenforced(limits),
        ...input.analysis,
      },
      executed_at: now,
    },
  };
}

/** A model that cannot search gets no search tool: `preferred` then records why; `required` was refused earlier. */
export function offersSearch(
  client: ProviderClient,
  { mode, ...model }: { readonly mode: GroundingMode; readonly providerId: string; readonly modelId: string },
): boolean {
  return mode !== 'none' && client.whyNoSearch(model) === null;
}

/** What keeps the provider from enforcing a schema. If the server has no schema support, the prompt stays unchanged. */
function limitsOf(
  client: ProviderClient,
  { dialect, protocol }: CallEndpoint,
  schema: JsonObject | null,
): SchemaLimit[] {
  if (schema === null) return [];
  if (dialect.responseFormat === 'json_schema') return client.schemaLimits(schema);
  const asked =
    dialect.responseFormat === 'json_object' && protocolRecord(protocol).hasJsonMode
      ? 'is asked for JSON of any shape (response format json_object)'
      : 'is asked for nothing but the prompt (response format none)';
  return [
    { pointer: '', message: `the server ${asked}, as its connection says; the answer is checked here` },
  ];
}

/** What only the check here enforces of the schema: recorded with the run, since the provider does not report it. */
function unenforced(limits: readonly SchemaLimit[]): JsonObject {
  if (limits.length === 0) return {};
  return { schema_not_enforced: limits.map(({ pointer, message }) => `${pointer || '/'}: ${message}`) };
}

/** The request's grounding mode, else the template's. */
export function groundingModeOf(
  template: Pick<Template, 'grounding_mode'>,
  request: Pick<RunRequest, 'grounding_mode' | 'use_grounding'>,
): GroundingMode {
  if (request.grounding_mode !== undefined) return request.grounding_mode;
  if (request.use_grounding === true)
    return template.grounding_mode === 'none' ? 'preferred' : template.grounding_mode;
  if (request.use_grounding === false) return 'none';
  return template.grounding_mode;
}

/** The request's parameters override the template's; null removes one. */
export function paramsOf(
  template: Pick<Template, 'inference_params'>,
  request: Pick<RunRequest, 'inference_params'>,
): JsonObject {
  const merged = { ...template.inference_params, ...request.inference_params };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** Derived from the request, like the column `kind`. */
export function kindOf({ probe }: JsonObject): 'run' | 'probe' {
  return probe === true ? 'probe' : 'run';
}

/** A template without constraints on the answer, so that a probe sees any version. */
export function bareTemplate(template: Template, inferenceParams: Template['inference_params']): Template {
  return {
    ...template,
    inference_params: inferenceParams,
    response_schema: null,
    tools: [],
    tool_choice: null,
    grounding_mode: 'none',
    model_version_constraint: null,
    fingerprint_allowlist: [],
  };
}
