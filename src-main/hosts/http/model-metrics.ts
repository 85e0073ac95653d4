import type { ModelUsage } from '../../ports';

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** One model's samples: extra labels and the value, null if unknown. */
  readonly of: (usage: ModelUsage) => readonly (readonly [labels: string, value: number | string | null])[];
}

const FAMILIES: readonly Family[] = [
  {
    name: 'prompter_model_runs',
    // Gauge, not counter: a run that is retried or re-read can change its status.
    type: 'gauge',
    help: 'Runs that have ended, by how they ended',
    of: ({ succeeded, failed, outcome_unknown }) => [
      [',status="succeeded"', succeeded],
      [',status="failed"', failed],
      [',status="outcome_unknown"', outcome_unknown],
    ],
  },
  {
    name: 'prompter_model_cost_usd',
    type: 'gauge',
    help: 'Cost of priced runs; unpriced runs are not included',
    of: ({ cost_usd }) => [['', cost_usd]],
  },
  {
    name: 'prompter_model_unpriced_runs',
    type: 'gauge',
    help: 'Runs that may have been billed and have no known cost',
    of: ({ unpriced }) => [['', unpriced]],
  },
  {
    name: 'prompter_model_tokens',
    type: 'gauge',
    help: 'Tokens as reported by the provider',
    of: ({ input_tokens, output_tokens }) => [
      [',kind="input"', input_tokens],
      [',kind="output"', output_tokens],
    ],
  },
  {
    name: 'prompter_model_version_mismatches',
    type: 'gauge',
    help: 'Runs answered by a version other than the pinned one',
    of: ({ version_mismatch }) => [['', version_mismatch]],
  },
  {
    name: 'prompter_model_parse_failures',
    type: 'gauge',
    help: 'Runs whose answer could not be parsed',
    of: ({ parse_failed }) => [['', parse_failed]],
  },
  {
    name: 'prompter_model_latency_seconds',
    type: 'gauge',
    help: 'Latency of the answers of the last 24 hours, within 1 %',
    of: ({ p50_ms, p95_ms }) => [
      [',quantile="0.5"', seconds(p50_ms)],
      [',quantile="0.95"', seconds(p95_ms)],
    ],
  },
];

/** Usage by model, in Prometheus text format. */
export function modelMetrics(usage: readonly ModelUsage[]): string {
  return FAMILIES.map(({ name, type, help, of }) => {
    const samples = usage.flatMap((model) =>
      of(model).flatMap(([labels, value]) =>
        value === null ? [] : [`${name}{${labelsOf(model)}${labels}} ${value}\n`],
      ),
    );
    return samples.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join('')}`;
  }).join('');
}

function labelsOf({ provider, model_id, simulated }: ModelUsage): string {
  return `provider="${escaped(provider)}",model="${escaped(model_id)}",simulated="${simulated}"`;
}

/** Escapes a label value: model ids are arbitrary text. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000;
}
