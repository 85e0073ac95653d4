export { diffTemplateConfigs } from './config-diff';
export { assertInUse } from './in-use';
export { sha256OfInput } from './input-hash';
export { providerOf } from './provider-of';
export {
  optionalVariables,
  renderedPromptOf,
  renderedPromptSha256,
  renderPrompt,
  staticVariables,
} from './render';
export type { PromptTexts, RenderedPrompt } from './render';
export { checkAgainstSchema, problemText, responseSchemaProblem } from './response-schema';
export type { SchemaCheck, SchemaProblem } from './response-schema';
export { createTemplatesService } from './templates-service';
export type { TemplatesOptions } from './templates-service';
export { createSampleLibrary } from './sample-library';
export type { Sample, SampleLibrary } from './sample-library';
