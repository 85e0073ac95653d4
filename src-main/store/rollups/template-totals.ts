import { COUNTED_STATUSES, isCounted } from '../../../src-shared/domain';
import type { WriteDb } from '../engine/db';
import { quoted } from '../engine/quoted';
import { isUnpriced, type CountedRun } from './run-contribution';

interface Change {
  runs: number;
  simulated: number;
  unpriced: number;
  cost: bigint;
  lastRunAt: string;
  /** A run that counted does so no more: the last one has to be looked up. */
  isStale: boolean;
}

/** A transaction's changes to what is summed over all time, by template and prompt. */
export interface PendingTotals {
  /** A run counted as `before` now counts as `after`. A simulated run is counted, and costs nothing. */
  run(before: CountedRun | null, after: CountedRun | null): void;
  flush(tx: WriteDb): void;
  clear(): void;
}

export function createPendingTotals(): PendingTotals {
  const changes = new Map<string, Change>();

  const changeFor = (templateId: string): Change => {
    let change = changes.get(templateId);
    if (change === undefined) {
      change = { runs: 0, simulated: 0, unpriced: 0, cost: 0n, lastRunAt: '', isStale: false };
      changes.set(templateId, change);
    }
    return change;
  };

  const count = (run: CountedRun, sign: 1 | -1): void => {
    const change = changeFor(run.template_id);
    if (!run.simulated) {
      change.cost += BigInt(sign) * ((run.cost_picodollars ?? 0n) + run.earlier_cost_picodollars);
    }
    if (!isCounted(run.status)) return;
    change.runs += sign;
    if (run.simulated) change.simulated += sign;
    else if (isUnpriced(run)) change.unpriced += sign;
    if (sign === 1 && run.executed_at > change.lastRunAt) change.lastRunAt = run.executed_at;
  };

  return {
    run(before, after) {
      if (before) count(before, -1);
      if (after) count(after, 1);
      if (before && isCounted(before.status) && !(after && isCounted(after.status))) {
        changeFor(before.template_id).isStale = true;
      }
    },
    flush(tx) {
      for (const [templateId, change] of changes) write(tx, templateId, change);
    },
    clear: () => changes.clear(),
  };
}

const UPSERT = `INSERT INTO template_totals
    (template_id, runs, simulated_runs, unpriced_runs, cost_picodollars, last_run_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET runs = runs + excluded.runs, simulated_runs = simulated_runs + excluded.simulated_runs,
    unpriced_runs = unpriced_runs + excluded.unpriced_runs,
    cost_picodollars = cost_picodollars + excluded.cost_picodollars,
    last_run_at = max(last_run_at, excluded.last_run_at)`;

const OF_PROMPT = `prompt_id = (SELECT prompt_id FROM templates WHERE template_id = ?)`;

const ADD_TO_PROMPT = `UPDATE prompts SET runs = runs + ?, simulated_runs = simulated_runs + ?,
    unpriced_runs = unpriced_runs + ?, cost_picodollars = cost_picodollars + ?, last_run_at = max(last_run_at, ?)
  WHERE ${OF_PROMPT}`;

function write(tx: WriteDb, templateId: string, change: Change): void {
  const { runs, simulated, unpriced, cost, lastRunAt, isStale } = change;
  if (runs === 0 && cost === 0n && unpriced === 0 && simulated === 0 && lastRunAt === '' && !isStale) return;
  const values = [runs, simulated, unpriced, cost, lastRunAt] as const;
  tx.prepare(UPSERT).run(templateId, ...values);
  tx.prepare(ADD_TO_PROMPT).run(...values, templateId);
  if (isStale) lookUpLastRun(tx, templateId);
}

/** A run that is sent again counts no more until it ends: the last one is then another, or none. */
function lookUpLastRun(tx: WriteDb, templateId: string): void {
  tx.prepare(
    `UPDATE template_totals SET last_run_at = coalesce((SELECT max(executed_at) FROM runs
       WHERE template_id = template_totals.template_id AND kind = 'run' AND status IN (${quoted(COUNTED_STATUSES)})), '')
     WHERE template_id = ?`,
  ).run(templateId);
  tx.prepare(
    `UPDATE prompts SET last_run_at = coalesce((SELECT max(s.last_run_at) FROM templates t
       JOIN template_totals s ON s.template_id = t.template_id WHERE t.prompt_id = prompts.prompt_id), '')
     WHERE ${OF_PROMPT}`,
  ).run(templateId);
}

/** Before the sums are made again from every run. */
export function clearTotals(tx: WriteDb): void {
  tx.prepare(`DELETE FROM template_totals`).run();
  tx.prepare(
    `UPDATE prompts SET runs = 0, simulated_runs = 0, unpriced_runs = 0, cost_picodollars = 0, last_run_at = ''`,
  ).run();
}
