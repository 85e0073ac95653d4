import type { Status } from '../../../src-shared/contract';
import type { ModelUsage } from '../../ports';
import { modelMetrics } from './model-metrics';

type Metric = readonly [name: string, type: 'counter' | 'gauge', help: string, value: number];

/** Process, store and model usage, in Prometheus text format. */
export function metricsText(status: Status, usage: readonly ModelUsage[] | null): string {
  const cpu = process.cpuUsage();
  const metrics: Metric[] = [
    ['prompter_runs_total', 'counter', 'Runs stored', status.runs],
    [
      'prompter_runs_outcome_unknown',
      'gauge',
      'Runs in doubt: the answer may have been lost',
      status.outcome_unknown,
    ],
    ['prompter_templates', 'gauge', 'Templates that are not archived', status.templates],
    ['prompter_active_batches', 'gauge', 'Batches that are running', status.active_batches.length],
    ['prompter_store_bytes', 'gauge', 'Size of the store', status.store.size_bytes],
    [
      'prompter_month_spend_usd',
      'gauge',
      'Spend of this calendar month (UTC)',
      Number(status.month_spend_usd),
    ],
    [
      'prompter_month_unpriced_runs',
      'gauge',
      'Runs of this month that have no price',
      status.month_unpriced_runs,
    ],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory', process.memoryUsage.rss()],
    ['process_cpu_seconds_total', 'counter', 'User and system CPU time', (cpu.user + cpu.system) / 1e6],
    [
      'process_start_time_seconds',
      'gauge',
      'Start of the process',
      Math.floor(performance.timeOrigin / 1000),
    ],
  ];
  const own = metrics
    .map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`)
    .join('');
  return own + modelMetrics(usage ?? []);
}
