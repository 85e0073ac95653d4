import { expect, test } from 'vitest';
import { modelMetrics } from './model-metrics';

const model = {
  provider: 'openai',
  model_id: 'gpt-4o',
  simulated: false,
  runs: 3,
  succeeded: 2,
  failed: 1,
  outcome_unknown: 0,
  version_mismatch: 1,
  parse_failed: 0,
  unpriced: 0,
  cost_usd: '0.0000000375',
  input_tokens: 10,
  output_tokens: 20,
  p50_ms: 250,
  p95_ms: null,
};

test('a model is a sample of each family, what is not known is left out, and the cost stays exact', () => {
  const lines = modelMetrics([model]).split('\n');
  const labels = 'provider="openai",model="gpt-4o",simulated="false"';
  expect(lines).toContain(`prompter_model_runs{${labels},status="succeeded"} 2`);
  expect(lines).toContain(`prompter_model_cost_usd{${labels}} 0.0000000375`);
  expect(lines).toContain(`prompter_model_latency_seconds{${labels},quantile="0.5"} 0.25`);
  expect(lines.filter((line) => line.includes('quantile="0.95"'))).toEqual([]);
});

test('a model without a priced run has no cost, not one of 0', () => {
  const text = modelMetrics([{ ...model, unpriced: 3, cost_usd: null }]);
  expect(text).not.toContain('prompter_model_cost_usd{');
  expect(text).toContain(
    'prompter_model_unpriced_runs{provider="openai",model="gpt-4o",simulated="false"} 3',
  );
});

test('a model id that looks like the format cannot break out of its label', () => {
  const text = modelMetrics([{ ...model, model_id: 'a"} 1\nfake_metric 2\\' }]);
  expect(text).toContain('model="a\\"} 1\\nfake_metric 2\\\\"');
  expect(text.split('\n').every((line) => line === '' || /^(#|prompter_)/.test(line))).toBe(true);
});

test('without runs there is nothing to say', () => {
  expect(modelMetrics([])).toBe('');
});
