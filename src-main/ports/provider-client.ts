import type { Billing } from './billing';
import type {
  FailureCode,
  FieldProblem,
  FinishReason,
  GradedVersion,
  JsonObject,
  JsonValue,
  Model,
  Protocol,
  ResponseApi,
  RunToolCall,
  ServerDialect,
  Tool,
  ToolCall,
  ToolChoice,
  Usage,
} from '../../src-shared/domain';

/** A connection ready for a call. Exists only in memory, for the duration of the call. */
export interface CallEndpoint {
  readonly connectionId: string;
  readonly providerId: string;
  readonly protocol: Protocol;
  /**
   * The API's base URL as the protocol's SDK expects it (OpenAI: ends in /v1; Anthropic and Gemini: without a version).
   */
  readonly baseUrl: string;
  /** Null for local servers that need none. */
  readonly secret: string | null;
  /** What the server supports of the protocol. */
  readonly dialect: ServerDialect;
}

/** A part of a message as it is sent: a file with its bytes. */
export type CallPart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image' | 'file';
      readonly mediaType: string;
      readonly name: string | null;
      readonly base64: string;
    };
export type MediaPart = Exclude<CallPart, { readonly type: 'text' }>;
/** A text, or parts where there are several or one is no text. */
export type CallContent = string | readonly CallPart[];

export type CallMessage =
  | { readonly role: 'system' | 'user'; readonly content: CallContent }
  | { readonly role: 'assistant'; readonly content: CallContent; readonly toolCalls: readonly ToolCall[] }
  | {
      readonly role: 'tool';
      readonly content: CallContent;
      readonly toolCallId: string;
      /** The tool that was called. */
      readonly toolName: string;
    };

/** What a provider is asked, provider-neutral. `inference_params` pass through under the provider's own names. */
export interface CallRequest {
  readonly endpoint: CallEndpoint;
  readonly modelId: string;
  readonly messages: readonly CallMessage[];
  readonly tools: readonly Tool[];
  /** Null without tools. */
  readonly toolChoice: ToolChoice | null;
  readonly inferenceParams: JsonObject;
  readonly responseSchema: JsonObject | null;
  /** Offer the provider's own web search tool. */
  readonly search: boolean;
  readonly stream: boolean;
}

/** One provider call. */
export interface ProviderCall extends CallRequest {
  readonly timeoutMs: number;
  /** Sent as `x-client-request-id`, to correlate the provider's log with ours. */
  readonly attemptId: string;
  readonly signal: AbortSignal;
}

/** One HTTP exchange, as literal wire bytes. */
export interface RawExchange {
  readonly api: ResponseApi;
  /** The request body exactly as sent. */
  readonly requestBody: string;
  readonly httpStatus: number;
  /** Response headers without cookies. */
  readonly headers: readonly (readonly [string, string])[];
  /** All bytes received; for a stream, the concatenated parts given to `onPart`. */
  readonly bytes: Uint8Array;
  /** False if the body broke off. */
  readonly complete: boolean;
  /** It broke off because whoever asked stopped reading. */
  readonly stopped?: boolean;
  readonly streamed: boolean;
  /** Measured from handing the request to the socket layer: to the last byte, and to the response headers. */
  readonly latencyMs: number;
  readonly firstByteMs: number;
}

export interface CallObserver {
  /**
   * Called with the whole answer BEFORE the SDK or anything else sees it; the adapter waits for the promise. This is
   * where raw bytes become durable. Called at most once per call.
   */
  onExchange(exchange: RawExchange): Promise<void>;
  /** A stream's response headers have arrived; parts follow. */
  onStreamStart?(head: Pick<RawExchange, 'api' | 'requestBody' | 'httpStatus' | 'headers'>): void;
  /** Bytes of a stream as they arrive, in order. */
  onPart?(bytes: Uint8Array): void;
  /** Output text as it is streamed; for watchers only, never stored. */
  onText?(delta: string): void;
}

/** An expected failure of a provider call, in one shape for all providers. Stored on the run. */
export interface ProviderFailure {
  readonly code: FailureCode;
  readonly message: string;
  /** The answer's HTTP status, or the error status in its body. */
  readonly httpStatus: number | null;
  /** The provider's own code or type, such as `insufficient_quota`. */
  readonly providerCode: string | null;
  /** The field that the provider complained about, if it said so. */
  readonly param: string | null;
  readonly requestId: string | null;
  readonly retryable: boolean;
  /** The call was provably turned away before any work: retried automatically, a limited number of times. */
  readonly notAccepted: boolean;
  readonly retryAfterMs: number | null;
}

/**
 * How a call ended. `answered`: an HTTP answer arrived (whatever its status) and went through `onExchange`.
 * `not_sent`: provably no byte of the request was accepted (connection refused, name not found, bad request options).
 * `unknown`: the request may have reached the provider and may be billed.
 */
export type CallOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'not_sent'; readonly failure: ProviderFailure }
  | { readonly kind: 'unknown'; readonly failure: ProviderFailure };

/** The input of `parse`: all of it is stored, so that an answer can be parsed again at any time. */
export interface StoredAnswer {
  readonly api: ResponseApi;
  readonly requestedModel: string;
  readonly providerId: string;
  readonly httpStatus: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly bytes: Uint8Array;
  readonly complete: boolean;
  /** It is incomplete because whoever asked stopped reading. */
  readonly stopped?: boolean;
  readonly streamed: boolean;
}

/** A request as it would go over the wire, or why there is none. */
export type ComposedRequest =
  | {
      readonly ok: true;
      readonly method: string;
      readonly url: string;
      /** The headers that say what the body is; none that identifies the sender. */
      readonly headers: readonly (readonly [string, string])[];
      readonly body: string;
    }
  | {
      readonly ok: false;
      readonly message: string;
      /** What the protocol or the model has no place for, where it is that. */
      readonly problem: FieldProblem | null;
    };

/** What an answer can hold besides text and tool calls. */
export type AnswerPart = 'reasoning' | 'media';

export interface ParsedAnswer {
  /** The answer's JSON; for a stream, the final object assembled from its events. */
  readonly responseJson: JsonValue | null;
  readonly outputText: string | null;
  /** The calls that the caller would have to execute, in the answer's order; those that a provider executes are none. */
  readonly toolCalls: readonly RunToolCall[];
  /** What the model thought, as far as the provider shows it; never part of the output. */
  readonly thinkingText: string | null;
  /** What else it holds, without duplicates. Reasoning counts although its text may be withheld. */
  readonly parts: readonly AnswerPart[];
  readonly finishReason: FinishReason | null;
  readonly usage: Usage;
  readonly billing: Billing;
  readonly version: GradedVersion;
  /**
   * Set if the provider reported a failure (error status, error body, failed stream), if the answer broke off, or if it
   * ended unacceptably: refused, filtered, with an error, or for no known reason.
   */
  readonly failure: ProviderFailure | null;
  /** The model answered and finished, whatever the outcome: enough to tell which version answered. */
  readonly hasEnded: boolean;
  /** Search evidence; null if the answer carries none. */
  readonly grounding: {
    readonly grounded: boolean;
    readonly why: string | null;
    readonly citations: JsonObject[];
  } | null;
}

export type ParseResult =
  { readonly ok: true; readonly answer: ParsedAnswer } | { readonly ok: false; readonly message: string };

/** Something in a response schema that the provider does not enforce, or that rules out its strict mode. */
export interface SchemaLimit {
  /** JSON Pointer into the schema; empty for the root. */
  readonly pointer: string;
  readonly message: string;
}

/** The adapter for one family of providers: how to call it and how to read its answers. */
export interface ProviderClient {
  /** Never throws for anything a provider or a network can do; a throw is a bug. */
  call(call: ProviderCall, observer: CallObserver): Promise<CallOutcome>;
  /** What `call` would send, by the same code. Nothing is sent. */
  compose(request: CallRequest): Promise<ComposedRequest>;
  /** Pure and deterministic, from stored bytes alone. Never throws. */
  parse(answer: StoredAnswer): ParseResult;
  /** The endpoint's models, all pages. Failures are distinguished by code. */
  listModels(
    endpoint: CallEndpoint,
    signal: AbortSignal,
  ): Promise<{ ok: true; models: Model[]; latencyMs: number } | { ok: false; failure: ProviderFailure }>;
  /**
   * The smallest request that reveals which version answers, within what the model accepts (no temperature for o3, …).
   */
  probeParams(modelId: string): JsonObject;
  /** What the provider will not enforce of a schema; answers are checked here against all of it. Pure. */
  schemaLimits(schema: JsonObject): SchemaLimit[];
  /**
   * What of a request's messages and tools the protocol or the model has no place for; null if nothing is known. Media are
   * judged by their types, so their bytes may be left out. Pure.
   */
  whyNotTaken(request: CallRequest): FieldProblem | null;
  /** Why a model cannot search the web, as text; null if it can, or if only trying will tell. Pure. */
  whyNoSearch(model: { readonly providerId: string; readonly modelId: string }): string | null;
}
