import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PROTOCOLS } from '../../src-shared/domain';
import { createProviderClients } from './clients';
import { callOf, endpointOf, recorder, testServer } from '../../test/support/provider-calls';

const KEY = 'sk-the-right-key';

afterEach(() => vi.unstubAllEnvs());

/** Sets every variable by which an SDK could be led elsewhere or made to say more. */
async function hostileEnvironment() {
  const canary = await testServer((_, response) => response.end('{}'));
  onTestFinished(() => canary.close());
  const variables: Record<string, string> = {
    OPENAI_BASE_URL: `${canary.url}/v1`,
    OPENAI_CUSTOM_HEADERS: 'x-hijack: yes\nauthorization: Bearer stolen',
    OPENAI_API_KEY: 'sk-wrong',
    OPENAI_ADMIN_KEY: 'sk-wrong',
    OPENAI_ORG_ID: 'org-wrong',
    OPENAI_PROJECT_ID: 'proj-wrong',
    OPENAI_LOG: 'debug',
    ANTHROPIC_BASE_URL: canary.url,
    ANTHROPIC_CUSTOM_HEADERS: 'x-hijack: yes\nauthorization: Bearer stolen',
    ANTHROPIC_API_KEY: 'sk-wrong',
    ANTHROPIC_AUTH_TOKEN: 'token-wrong',
    ANTHROPIC_PROFILE: 'wrong',
    ANTHROPIC_LOG: 'debug',
    GOOGLE_GEMINI_BASE_URL: canary.url,
    GOOGLE_VERTEX_BASE_URL: canary.url,
    GOOGLE_GENAI_USE_VERTEXAI: 'true',
    GOOGLE_GENAI_USE_ENTERPRISE: 'true',
    GOOGLE_GENAI_API_VERSION: 'v9',
    GOOGLE_CLOUD_PROJECT: 'wrong',
    GOOGLE_CLOUD_LOCATION: 'wrong',
    GOOGLE_API_KEY: 'sk-wrong',
    GEMINI_API_KEY: 'sk-wrong',
    HTTP_PROXY: canary.url,
    HTTPS_PROXY: canary.url,
    ALL_PROXY: canary.url,
    NODE_USE_ENV_PROXY: '1',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return canary;
}

describe.each(PROTOCOLS)('%s in a hostile environment', (protocol) => {
  it.each([KEY, null])(
    'goes to the given address with the given key (%s) and nothing else',
    async (secret) => {
      const canary = await hostileEnvironment();
      const said = (['log', 'info', 'debug', 'warn', 'error'] as const).map((level) =>
        vi.spyOn(console, level).mockReturnValue(),
      );
      onTestFinished(() => said.forEach((spy) => spy.mockRestore()));
      const server = await testServer((_, response) =>
        response.setHeader('content-type', 'application/json').end('{"data":[],"models":[]}'),
      );
      onTestFinished(() => server.close());
      const client = createProviderClients().clientFor(protocol);
      const endpoint = endpointOf(protocol, server.url, secret);
      const modelId = protocol === 'anthropic' ? 'claude-sonnet-4-5' : 'some-model';
      for (const stream of [false, true]) {
        expect(await client.call(callOf(endpoint, { modelId, stream }), recorder())).toEqual({
          kind: 'answered',
        });
      }
      expect(await client.listModels(endpoint, new AbortController().signal)).toMatchObject({ ok: true });

      expect(canary.requests).toEqual([]);
      expect(server.requests).toHaveLength(3);
      for (const { headers, url } of server.requests) {
        const sent = JSON.stringify(headers);
        expect(sent).not.toMatch(/hijack|stolen|wrong/);
        expect(url).not.toMatch(/v9|projects/);
        if (secret === null) expect(sent).not.toMatch(/"authorization"|api-key/);
        else
          expect(headers.authorization ?? headers['x-goog-api-key']).toMatch(
            new RegExp(`^(Bearer )?${KEY}$`),
          );
      }
      for (const spy of said) expect(spy).not.toHaveBeenCalled();
    },
  );
});
