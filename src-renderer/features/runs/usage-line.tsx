import type { Run } from '../../../src-shared/domain';
import { useFormat } from '../../ui';

type Measured = Pick<Run, 'cost_usd' | 'latency_ms' | 'usage'>;

/** `$0.0021 · 842 ms · 120/45 tok`, with every count in the tooltip; omits what was not measured. */
export function UsageLine({ run }: { readonly run: Measured }) {
  const format = useFormat();
  const { usage } = run;
  const counted = usage.input_tokens !== null || usage.output_tokens !== null;
  const parts = [
    ...(counted || run.cost_usd !== null ? [format.money(run.cost_usd)] : []),
    ...(run.latency_ms === null ? [] : [format.duration(run.latency_ms)]),
    ...(counted ? [`${format.tokens(usage.input_tokens)}/${format.tokens(usage.output_tokens)} tok`] : []),
  ];
  if (parts.length === 0) return null;
  const detail = [
    `cost ${format.moneyExact(run.cost_usd)}`,
    `input ${format.tokens(usage.input_tokens)}`,
    `output ${format.tokens(usage.output_tokens)}`,
    `cached ${format.tokens(usage.cached_input_tokens)}`,
    `reasoning ${format.tokens(usage.reasoning_tokens)}`,
  ].join('\n');
  return <span title={detail}>{parts.join(' · ')}</span>;
}
