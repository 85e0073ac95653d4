export { assertActive, assertInUse, assertNoTrial, isActive } from './in-use';
export { createPromptsService } from './prompts';
export { renderedSource } from './draft';
export { exactSha256Of } from './input-hash';
export { assertPartialText, partialsOf } from './includes';
export { providerOf } from './provider-of';
export {
  optionalVariables,
  renderedPromptOf,
  renderedPromptSha256,
  renderMessages,
  renderPrompt,
  staticVariables,
} from './render';
export type { RenderedPrompt } from './render';
export { assertSendable, sentPromptOf } from './sent-prompt';
export type { SentPrompt } from './sent-prompt';
export { checkAgainstSchema, problemText } from './response-schema';
export type { SchemaProblem } from './response-schema';
export { createTemplatesService } from './templates-service';
export { createSampleLibrary, readSamples } from './sample-library';
export type { SampleLibrary } from './sample-library';
