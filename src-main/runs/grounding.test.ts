import { describe, expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const word = { variables: { word: 'hello' } };
const MODELS = [
  ['practice-openai', 'gpt-4o'],
  ['practice-anthropic', 'claude-opus-5-5'],
  ['practice-google', 'gemini-3.8-flash'],
] as const;

describe.each(MODELS)('grounding through %s', (provider, model) => {
  it('is asked for, shown with its citations, and missing evidence says why', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const ask = async (grounding_mode: 'none' | 'preferred' | 'required', faults = '') => {
      const model_id = `${model}${faults}`;
      return (await core.runs.start({ template_id, provider, model_id, grounding_mode, ...word })).run;
    };
    const none = await ask('none');
    expect([none.status, none.grounded, none.why_not_grounded]).toEqual(['succeeded', null, null]);
    expect(JSON.stringify(none.request_json)).not.toMatch(/search/i);

    for (const mode of ['preferred', 'required'] as const) {
      const run = await ask(mode);
      expect([run.status, run.grounded, run.why_not_grounded]).toEqual(['succeeded', true, null]);
      expect(run.citations?.length).toBeGreaterThan(0);
      expect(JSON.stringify(run.request_json)).toMatch(/web_search|googleSearch/);
    }
    for (const fault of ['@ungrounded', '@searcherror']) {
      const preferred = await ask('preferred', fault);
      expect([preferred.status, preferred.grounded]).toEqual(['succeeded', false]);
      expect(preferred.why_not_grounded).toMatch(/\.$/);
      const required = await ask('required', fault);
      expect(required).toMatchObject({
        status: 'failed',
        failure_code: 'not_grounded',
        grounded: false,
        why_not_grounded: preferred.why_not_grounded,
        failure_message: `Grounding is required. ${preferred.why_not_grounded ?? ''}`,
        requires_manual_review: false,
      });
      expect(required.output_text).not.toBe('');
      expect(core.runs.reparse({ run_id: required.run_id })).toMatchObject({
        failure_code: 'not_grounded',
        why_not_grounded: required.why_not_grounded,
      });
    }
  });
});

describe('a model that cannot search', () => {
  it.each([
    ['practice-openai', 'gpt-4'],
    ['practice-anthropic', 'claude-3-opus-20240229'],
    ['practice-google', 'gemma-4'],
  ])(
    'of %s is refused before sending where grounding is required, and recorded where it is preferred',
    async (provider, model_id) => {
      const { core, requests } = await practiceCore();
      const { template_id } = newTemplate(core, { grounding_mode: 'required', system_instructions: '' });
      await expect(core.runs.start({ template_id, provider, model_id, ...word })).rejects.toMatchObject({
        code: 'GROUNDING_UNSUPPORTED',
        data: { model_id, provider },
      });
      await expect(
        core.batches.start({
          template_id,
          targets: [{ provider, model_id }],
          inputs: [{ word: 'hello' }],
          modes: ['none', 'required'],
          replicates: 1,
          drift_policy: 'record',
          stream: false,
        }),
      ).rejects.toMatchObject({ code: 'GROUNDING_UNSUPPORTED' });
      expect(requests()).toHaveLength(0);
      expect(core.batches.list({ limit: 5 }).items).toEqual([]);

      const { run } = await core.runs.start({
        template_id,
        provider,
        model_id,
        grounding_mode: 'preferred',
        ...word,
      });
      expect([run.status, run.grounded]).toEqual(['succeeded', false]);
      expect(run.why_not_grounded).toMatch(/has no (web|Google) [sS]earch/);
      expect(JSON.stringify(run.request_json)).not.toMatch(/web_search|googleSearch/);
    },
  );
});

describe('what a provider does not enforce of a schema', () => {
  it.each(MODELS)('is recorded with a run through %s, and enforced here', async (provider, model) => {
    const { core } = await practiceCore();
    const response_schema = {
      type: 'object',
      // The practice models do not read `not`, and no text satisfies it.
      properties: { answer: { type: 'string', not: { pattern: '' } } },
      required: ['answer'],
    };
    const { template_id } = newTemplate(core, { response_schema });
    const { run } = await core.runs.start({ template_id, provider, model_id: model, ...word });
    expect(JSON.stringify(run.analysis_config['schema_not_enforced'])).toMatch(
      provider === 'practice-openai' ? /strict mode does not know not/ : /does not enforce not/,
    );
    expect(run).toMatchObject({ failure_code: 'output_invalid', output_json_valid: false });
    expect(run.failure_message).toContain('/answer must NOT be valid');
  });

  it('that cannot be used is refused when the template is made, with the path', async () => {
    const { core } = await practiceCore();
    const response_schema = { type: 'object', properties: { a: { $ref: 'https://example.com/x' } } };
    expect(() => newTemplate(core, { response_schema })).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        data: {
          fields: [
            {
              path: 'response_schema/properties/a/$ref',
              message: expect.stringContaining('fetched') as string,
            },
          ],
        },
      }),
    );
  });
});
