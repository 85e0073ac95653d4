/** Variables that SDKs and the runtime read on their own: they redirect requests or add headers. */
const REDIRECTING =
  /^(?:(?:OPENAI|AZURE_OPENAI|ANTHROPIC|GEMINI|GOOGLE_GEMINI|GOOGLE_GENAI|GOOGLE_VERTEX|GOOGLE_CLOUD)_.+|NODE_OPTIONS|NODE_TLS_REJECT_UNAUTHORIZED|ELECTRON_RUN_AS_NODE)$/;
/** Kept: a connection may name one as the source of its key, and a key alone redirects nothing. */
const KEY = /_API_KEY$/;

/** The environment for the process that calls providers (docs/providers.md#environment-variables). */
export function scrubbedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !REDIRECTING.test(name) || KEY.test(name)),
  );
}
