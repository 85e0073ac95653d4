/** Shared by all providers: capturing answers and reading them. */
export { modifier, part, unknownUsage } from './billing';
export { createCapturingFetch } from './capture';
export type { Capture, CaptureOptions } from './capture';
export { headerValue, readJson } from './content';
export { finishReasonOf, decisiveReason } from './ending';
export * from './json-read';
export { fetchPages } from './model-pages';
export type { ModelListing } from './model-pages';
export { parseAnswer } from './parse-answer';
export type { Assembled, Dialect, JsonEvent, Reading } from './parse-answer';
export { NOT_FOUND_MESSAGE, requestIdOf } from './provider-failure';
export { createEchoGuard, createRedactor } from './redact';
export { decidedBySchema, joinLists, mergeObject, providerParams } from './request-body';
export type { BuiltRequest, ParamRules } from './request-body';
export { runCall, SDK_TIMEOUT_MARGIN_MS } from './run-call';
export type { CallSteps } from './run-call';
export { isObjectSchema, mapSchema, visitSchema } from './schema-walk';
export { MAX_BODY_BYTES } from './transport';
