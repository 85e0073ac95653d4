import { describe, expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const PARAMETERS = {
  type: 'object',
  properties: { id: { type: 'string' } },
  required: ['id'],
  additionalProperties: false,
};
const TOOLS = ['get_order', 'get_weather'].map((name) => ({
  name,
  description: '',
  parameters: PARAMETERS,
  strict: null,
}));
const THINKS = {
  'practice-openai': { model_id: 'gpt-5-mini', inference_params: { reasoning_effort: 'low' } },
  'practice-anthropic': {
    model_id: 'claude-sonnet-4-6',
    inference_params: { thinking: { type: 'adaptive' } },
  },
  'practice-google': {
    model_id: 'gemini-3.6-flash',
    inference_params: { thinkingConfig: { includeThoughts: true } },
  },
} as const;

describe.each(['practice-openai', 'practice-anthropic', 'practice-google'] as const)(
  'a run through %s',
  (provider) => {
    it('of a template with tools keeps what the answer calls and what the model thought; both stay when it is parsed again', async () => {
      const { core } = await practiceCore();
      const { template_id } = newTemplate(core, {
        user_prompt_template: 'Where is order A-1, and what is the weather there?',
        provider,
        ...THINKS[provider],
        tools: TOOLS,
      });
      for (const stream of [false, true]) {
        const { run } = await core.runs.start({ template_id, stream });
        expect(run).toMatchObject({
          status: 'succeeded',
          finish_reason: { unified: 'tool' },
          output_text: null,
        });
        expect(run.tool_calls?.map(({ name }) => name)).toEqual(['get_order', 'get_weather']);
        expect(run.thinking_text).toMatch(/^The question is about /);
        const again = core.runs.reparse({ run_id: run.run_id });
        const { status, tool_calls, thinking_text, response_output_sha256 } = run;
        expect(again).toMatchObject({ status, tool_calls, thinking_text, response_output_sha256 });
        const [listed] = core.runs.list({ limit: 1 }).items;
        expect(listed).toMatchObject({ tool_calls, thinking_text });
        const rebuilt = core.runs.rebuild({ dry_run: true, limit: 10 });
        expect(await rebuilt).toMatchObject({ looked_at: stream ? 2 : 1, changed: 0 });
      }
      await core.runs.prepareSearch();
      expect(core.runs.list({ q: 'get_weather', limit: 10 }).items).toHaveLength(2);
    });
  },
);
