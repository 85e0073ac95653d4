import { createContext, use, useEffect, useState } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { BatchRequestInput, Connection, NamedTemplate, Variables } from '../../../../src-shared/domain';
import { saveWhenIdle } from '../../../drafts';
import { firstProblem, valueOf } from '../../../../src-shared/files/variables';
import { decodeText, problemInWords, readPaste } from '../../../../src-shared/files';
import type { Plan, PlanTarget } from './plan';
import { plannedShapes, plannedVariables, requestedColumns } from './plan-columns';
import { readPlan, writePlan } from './plan-draft';

export type PlanStore = StoreApi<Plan>;

let nextKey = 0;
export function newTarget(
  connectionId: string | null = null,
  model = '',
  column: Partial<Omit<PlanTarget, 'key'>> = {},
): PlanTarget {
  nextKey += 1;
  const own = { templateId: null, label: null, params: '' };
  return { ...own, ...column, key: `target-${nextKey}`, connectionId, model };
}

const NEW_PLAN: Omit<Plan, 'targets'> = {
  template: null,
  versions: [],
  name: '',
  vary: '',
  inputs: [{}],
  replicates: 1,
  concurrency: null,
  stream: true,
  budget: '',
  driftPolicy: 'record',
  isSample: false,
  change: null,
};

/**
 * A plan that survives reloads and navigation. Switching templates keeps the models and run options but not the
 * inputs, which belong to their template. A sample's models and options go with the sample.
 */
export function useNewPlanStore(templateId: string | undefined, against: string | undefined): PlanStore {
  const [store] = useState(() => createStore<Plan>()(() => firstPlan(templateId, against)));
  useEffect(() => saveWhenIdle(store.subscribe, () => writePlan(store.getState())), [store]);
  return store;
}

/** Two columns: a version, and an earlier one beside it, each on its own model. */
export function compareVersions(
  store: PlanStore,
  template: NamedTemplate,
  earlier: NamedTemplate,
  connections: readonly Connection[],
): void {
  const column = (of: NamedTemplate, templateId: string | null): PlanTarget =>
    newTarget(ownConnection(of, connections), of.model_id, { templateId });
  store.setState({
    template,
    versions: [earlier],
    targets: [column(earlier, earlier.template_id), column(template, null)],
    vary: '',
    isSample: false,
  });
}

function ownConnection({ provider }: NamedTemplate, connections: readonly Connection[]): string | null {
  const own = connections.find((connection) => connection.provider === provider && connection.is_default);
  return own?.connection_id ?? null;
}

/** Sets the template; if no model was chosen yet, adds the template's own, on its own provider. */
export function chooseTemplate(
  store: PlanStore,
  template: NamedTemplate,
  connections: readonly Connection[],
): void {
  store.setState(({ targets }) => {
    const untouched = targets.every(({ connectionId, model }) => connectionId === null && model === '');
    return {
      template,
      ...(untouched && { targets: [newTarget(ownConnection(template, connections), template.model_id)] }),
    };
  });
}

export function clearPlan(store: PlanStore): void {
  store.setState({ ...NEW_PLAN, targets: [newTarget()] });
}

function firstPlan(templateId: string | undefined, against: string | undefined): Plan {
  const stored = readPlan();
  const isOther = templateId !== undefined && templateId !== stored?.templateId;
  // The inputs of one version are tried on the next.
  const keepsInputs = !isOther || (against !== undefined && against === stored?.templateId);
  if (!stored || (isOther && stored.isSample)) return { ...NEW_PLAN, targets: [newTarget()] };
  const { templateId: _, name, inputs, targets, ...options } = stored;
  return {
    ...NEW_PLAN,
    ...options,
    // Another template has none of these versions.
    targets: targets.map(({ connectionId, model, ...column }) =>
      newTarget(connectionId, model, isOther ? { params: column.params } : column),
    ),
    ...(!isOther && { name }),
    ...(keepsInputs && { inputs }),
  };
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

/** The same list until it changes. */
export function usePlannedVariables(): readonly string[] {
  return useStore(usePlanStore(), useShallow(plannedVariables));
}

export function setTarget(store: PlanStore, key: string, change: Partial<PlanTarget>): void {
  store.setState(({ targets }) => ({
    targets: targets.map((target) => (target.key === key ? { ...target, ...change } : target)),
    isSample: false,
  }));
}

export function removeTarget(store: PlanStore, key: string): void {
  store.setState(({ targets }) => ({
    targets: targets.filter((target) => target.key !== key),
    isSample: false,
  }));
}

export function setInput(store: PlanStore, row: number, name: string, value: string): void {
  store.setState(({ inputs }) => ({
    inputs: inputs.map((input, index) => (index === row ? { ...input, [name]: value } : input)),
    change: null,
  }));
}

export function addInput(store: PlanStore): void {
  store.setState(({ inputs }) => ({ inputs: [...inputs, {}], change: null }));
}

export function removeInput(store: PlanStore, row: number): void {
  store.setState(({ inputs }) => ({
    inputs: inputs.length > 1 ? inputs.filter((_, index) => index !== row) : [{}],
    change: isEmpty(inputs[row] ?? {}) ? null : { done: `Row ${row + 1} removed.`, before: inputs },
  }));
}

/** Undoes the last bulk change of the inputs; returns false if there was none. */
export function undoChange(store: PlanStore): boolean {
  const { change } = store.getState();
  if (!change?.before) return false;
  store.setState({ inputs: change.before, change: null });
  return true;
}

/** Appends the inputs of a file. */
export function takeFile(store: PlanStore, bytes: Uint8Array): void {
  const text = decodeText(bytes);
  if (text.ok) takeTable(store, text.value, store.getState().inputs.length, 0);
  else store.setState(refusal(problemInWords(text.problem)));
}

/** Adds a pasted or imported table; without a header, it is placed starting at the given cell. */
export function takeTable(store: PlanStore, text: string, atRow: number, atColumn: number): void {
  store.setState((plan) => {
    const { inputs } = plan;
    const variables = plannedVariables(plan);
    const paste = readPaste(text, variables);
    if (!paste.ok) return refusal(problemInWords(paste.problem));
    if ('named' in paste.value) {
      const { columns, rows, emptyRows, emptyColumns } = paste.value.named;
      const unread = columns.filter((name) => !variables.includes(name));
      const notes = [
        `${counted(rows.length, 'row')} added`,
        ...(unread.length > 0 ? [`not used: ${unread.join(', ')}`] : []),
        ...(emptyRows > 0 ? [`${counted(emptyRows, 'empty row')} left out`] : []),
        ...(emptyColumns > 0 ? [`${counted(emptyColumns, 'empty column')} left out`] : []),
      ];
      const filled = inputs.filter((input) => !isEmpty(input));
      const kept = rows.map((row) => pick(row, variables));
      return { inputs: [...filled, ...kept], change: { done: `${notes.join('; ')}.`, before: inputs } };
    }
    const next = [...inputs];
    const pasted = paste.value.cells;
    const lost = pasted.findIndex((cells) => cells.length > variables.length - atColumn);
    if (lost !== -1) {
      return refusal(`row ${lost + 1} has more cells than there are variables from this column on.`);
    }
    for (const [offset, cells] of pasted.entries()) {
      const values = cells.flatMap((cell, column) => {
        const name = variables[atColumn + column];
        return name === undefined ? [] : [[name, cell]];
      });
      next[atRow + offset] = { ...next[atRow + offset], ...Object.fromEntries(values) };
    }
    return { inputs: next, change: { done: `${counted(pasted.length, 'row')} pasted.`, before: inputs } };
  });
}

/** Nothing was added, so there is nothing to undo. */
const refusal = (why: string): Pick<Plan, 'change'> => ({
  change: { done: `Nothing was added: ${why}`, before: null, refused: true },
});

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function pick(row: Variables, names: readonly string[]): Variables {
  return Object.fromEntries(
    names.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]] as const])),
  );
}

function isEmpty(input: Variables): boolean {
  return Object.values(input).every((value) => value === '' || value === null);
}

/**
 * The inputs that would be sent: rows with at least one value, missing values filled with empty text; one empty row
 * if the template has no variables. Text becomes a list or object where the template uses it as one.
 */
export function filledInputs(plan: Pick<Plan, 'template' | 'versions' | 'targets' | 'inputs'>): Variables[] {
  const variables = plannedVariables(plan);
  if (variables.length === 0) return [{}];
  const shapes = plannedShapes(plan);
  const values = (input: Variables): Variables =>
    Object.fromEntries(
      variables.map((name) => {
        const value = input[name] === undefined ? '' : input[name];
        return [name, typeof value === 'string' ? valueOf(value, shapes.get(name)) : value];
      }),
    );
  return plan.inputs.filter((input) => !isEmpty(input)).map(values);
}

/** The first input that could not be sent as intended: JSON that is broken or would not be kept exactly. */
function inputProblem(plan: Plan): string | null {
  const shapes = plannedShapes(plan);
  for (const [row, input] of plan.inputs.entries()) {
    const problem = firstProblem(input, shapes);
    if (problem !== null) return `Row ${row + 1}, ${problem}`;
  }
  return null;
}

export type PlannedRequest =
  | { readonly ok: true; readonly request: BatchRequestInput & { template_id: string } }
  | { readonly ok: false; readonly problem: string };

/** The plan as a request, or the first thing that is missing. */
export function requestOf(plan: Plan): PlannedRequest {
  const { template, replicates, concurrency, stream, name, budget, driftPolicy } = plan;
  if (!template) return { ok: false, problem: 'Choose a template.' };
  const columns = requestedColumns(plan);
  if (!columns.ok) return columns;
  const inputs = filledInputs(plan);
  if (inputs.length === 0) return { ok: false, problem: 'Add at least one input.' };
  const unusable = inputProblem(plan);
  if (unusable !== null) return { ok: false, problem: unusable };
  if (budget.trim() !== '' && !/^\d+(\.\d+)?$/.test(budget.trim()))
    return { ok: false, problem: 'The budget is an amount in USD, such as 2.50.' };
  return {
    ok: true,
    request: {
      template_id: template.template_id,
      targets: columns.targets,
      inputs,
      replicates,
      stream,
      drift_policy: driftPolicy,
      ...(name.trim() && { name: name.trim() }),
      ...(concurrency !== null && { concurrency }),
      ...(budget.trim() && { budget_usd: budget.trim() }),
    },
  };
}
