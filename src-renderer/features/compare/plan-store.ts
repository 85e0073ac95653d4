import { createContext, use, useState } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { BatchRequestInput, Template, Variables } from '../../../src-shared/domain';
import { parseTable } from './parse-table';

export interface PlanTarget {
  readonly key: string;
  readonly connectionId: string | null;
  readonly model: string;
}

/** A comparison while it is put together. */
export interface Plan {
  readonly template: Template | null;
  readonly name: string;
  readonly targets: readonly PlanTarget[];
  readonly inputs: readonly Variables[];
  readonly replicates: number;
  readonly concurrency: number | null;
  readonly stream: boolean;
  readonly budget: string;
  /** What the last import did, for the person to read. */
  readonly note: string | null;
}

export type PlanStore = StoreApi<Plan>;

let nextKey = 0;
export function newTarget(connectionId: string | null = null, model = ''): PlanTarget {
  nextKey += 1;
  return { key: `target-${nextKey}`, connectionId, model };
}

export function useNewPlanStore(): PlanStore {
  const [store] = useState(() =>
    createStore<Plan>()(() => ({
      template: null,
      name: '',
      targets: [newTarget()],
      inputs: [{}],
      replicates: 1,
      concurrency: null,
      stream: true,
      budget: '',
      note: null,
    })),
  );
  return store;
}

const PlanContext = createContext<PlanStore | null>(null);
export const PlanProvider = PlanContext.Provider;

export function usePlanStore(): PlanStore {
  const store = use(PlanContext);
  if (!store) throw new Error('This belongs inside a new comparison.');
  return store;
}

export function usePlan<Part>(select: (plan: Plan) => Part): Part {
  return useStore(usePlanStore(), select);
}

export function setTarget(store: PlanStore, key: string, change: Partial<PlanTarget>): void {
  store.setState(({ targets }) => ({
    targets: targets.map((target) => (target.key === key ? { ...target, ...change } : target)),
  }));
}

export function removeTarget(store: PlanStore, key: string): void {
  store.setState(({ targets }) => ({ targets: targets.filter((target) => target.key !== key) }));
}

export function setInput(store: PlanStore, row: number, name: string, value: string): void {
  store.setState(({ inputs }) => ({
    inputs: inputs.map((input, index) => (index === row ? { ...input, [name]: value } : input)),
    note: null,
  }));
}

export function addInput(store: PlanStore): void {
  store.setState(({ inputs }) => ({ inputs: [...inputs, {}], note: null }));
}

export function removeInput(store: PlanStore, row: number): void {
  store.setState(({ inputs }) => ({
    inputs: inputs.length > 1 ? inputs.filter((_, index) => index !== row) : [{}],
    note: null,
  }));
}

/** Takes over a pasted or imported table, from a cell on where nothing names its columns. */
export function takeTable(store: PlanStore, text: string, atRow: number, atColumn: number): void {
  store.setState(({ template, inputs }) => {
    const variables = template?.variables ?? [];
    const table = parseTable(text, variables);
    if (table.columns) {
      const ignored = table.columns.filter((name) => !variables.includes(name));
      const kept = table.rows.map((row) => pick(row, variables));
      const before = inputs.filter((input) => !isEmpty(input));
      return {
        inputs: [...before, ...kept],
        note: `${kept.length} rows added${ignored.length > 0 ? `; not used: ${ignored.join(', ')}` : ''}.`,
      };
    }
    const next = [...inputs];
    for (const [offset, cells] of table.cells.entries()) {
      const values = cells.flatMap((cell, column) => {
        const name = variables[atColumn + column];
        return name === undefined ? [] : [[name, cell]];
      });
      next[atRow + offset] = { ...next[atRow + offset], ...Object.fromEntries(values) };
    }
    return { inputs: next, note: `${table.cells.length} rows pasted.` };
  });
}

function pick(row: Variables, names: readonly string[]): Variables {
  return Object.fromEntries(
    names.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]] as const])),
  );
}

export function isEmpty(input: Variables): boolean {
  return Object.values(input).every((value) => value === '' || value === null);
}

/** The inputs that would be sent: rows with a value, completed with empty ones; one bare row without variables. */
export function filledInputs({ template, inputs }: Pick<Plan, 'template' | 'inputs'>): Variables[] {
  const names = template?.variables ?? [];
  if (names.length === 0) return [{}];
  const blank = Object.fromEntries(names.map((name) => [name, '']));
  return inputs.filter((input) => !isEmpty(input)).map((input) => ({ ...blank, ...input }));
}

export type PlannedRequest =
  | { readonly ok: true; readonly request: BatchRequestInput & { template_id: string } }
  | { readonly ok: false; readonly problem: string };

/** The request that the plan stands for, or the first thing that is missing. */
export function requestOf(plan: Plan): PlannedRequest {
  const { template, targets, replicates, concurrency, stream, name, budget } = plan;
  if (!template) return { ok: false, problem: 'Choose a template.' };
  const chosen = targets.filter((target) => target.model.trim() !== '');
  if (chosen.length === 0) return { ok: false, problem: 'Add at least one model.' };
  const inputs = filledInputs(plan);
  if (inputs.length === 0) return { ok: false, problem: 'Add at least one input.' };
  if (budget.trim() !== '' && !/^\d+(\.\d+)?$/.test(budget.trim()))
    return { ok: false, problem: 'The budget is an amount in USD, such as 2.50.' };
  return {
    ok: true,
    request: {
      template_id: template.template_id,
      targets: chosen.map((target) => ({
        model_id: target.model.trim(),
        ...(target.connectionId && { connection_id: target.connectionId }),
      })),
      inputs,
      replicates,
      stream,
      ...(name.trim() && { name: name.trim() }),
      ...(concurrency !== null && { concurrency }),
      ...(budget.trim() && { budget_usd: budget.trim() }),
    },
  };
}
