/**
 * Variables that SDKs read by themselves and that could send a key elsewhere or add headers to a request
 * (docs/providers.md#environment-variables). All options are given explicitly as well; `*_CUSTOM_HEADERS` apply even
 * then. Keys themselves stay: a connection may name one as its source, and no SDK looks for one that it is given.
 */
const SDK_VARIABLES = [
  'OPENAI_BASE_URL',
  'OPENAI_CUSTOM_HEADERS',
  'OPENAI_LOG',
  'OPENAI_ORG_ID',
  'OPENAI_PROJECT_ID',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_CUSTOM_HEADERS',
  'ANTHROPIC_LOG',
  'ANTHROPIC_PROFILE',
  'ANTHROPIC_CONFIG_DIR',
  'ANTHROPIC_OPEN_TELEMETRY',
  'ANTHROPIC_OPEN_TELEMETRY_PROPAGATION',
  'ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE',
  'GOOGLE_GEMINI_BASE_URL',
  'GOOGLE_VERTEX_BASE_URL',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GOOGLE_GENAI_USE_ENTERPRISE',
  'GOOGLE_GENAI_API_VERSION',
] as const;

/** Removes them from the process. Runs before each SDK is used, since anything may have set them again. */
export function scrubProviderEnv(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of SDK_VARIABLES) if (env[name] !== undefined) delete env[name];
}
