export { assertInUse, assertNoTrial } from './in-use';
export { sha256OfInput } from './input-hash';
export { providerOf } from './provider-of';
export {
  optionalVariables,
  renderedPromptOf,
  renderedPromptSha256,
  renderPrompt,
  staticVariables,
} from './render';
export type { RenderedPrompt } from './render';
export { checkAgainstSchema, problemText } from './response-schema';
export type { SchemaProblem } from './response-schema';
export { createTemplatesService } from './templates-service';
export { createSampleLibrary, readSamples } from './sample-library';
export type { SampleLibrary } from './sample-library';
