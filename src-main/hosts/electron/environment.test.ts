import { expect, test } from 'vitest';
import { scrubbedEnvironment } from './environment';

test('drops what redirects an SDK and keeps keys and everything else', () => {
  const kept = {
    PATH: '/bin',
    PROMPTER_HOME: '/h',
    OPENAI_API_KEY: 'k',
    ANTHROPIC_API_KEY: 'k',
    MY_KEY: 'k',
  };
  const dropped = {
    OPENAI_BASE_URL: 'x',
    OPENAI_CUSTOM_HEADERS: 'x',
    OPENAI_ORG_ID: 'x',
    ANTHROPIC_BASE_URL: 'x',
    ANTHROPIC_CUSTOM_HEADERS: 'x',
    GOOGLE_GEMINI_BASE_URL: 'x',
    GOOGLE_GENAI_USE_VERTEXAI: 'true',
    GOOGLE_GENAI_USE_ENTERPRISE: 'true',
    GOOGLE_GENAI_API_VERSION: 'x',
    NODE_OPTIONS: '--require evil.js',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  };
  expect(scrubbedEnvironment({ ...kept, ...dropped })).toEqual(kept);
});
