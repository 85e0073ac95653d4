import { useEffect } from 'react';
import { takeCarriedValues } from '../../../drafts';
import type { Plan } from './plan';
import { plannedVariables } from './plan-columns';
import { usePlan, usePlanStore } from './plan-store';

/** Makes the values that the template was tried with in the editor a row of the inputs. */
export function useCarriedValues(): void {
  const store = usePlanStore();
  const templateId = usePlan(({ template }) => template?.template_id);
  useEffect(() => {
    const values = templateId === undefined ? null : takeCarriedValues(templateId);
    if (values !== null) store.setState((plan) => withCarried(plan, values) ?? plan);
  }, [store, templateId]);
}

/** The inputs with these values as a row; null where there is such a row, or no value. */
export function withCarried(
  plan: Pick<Plan, 'template' | 'versions' | 'targets' | 'inputs'>,
  values: Readonly<Record<string, string>>,
): Pick<Plan, 'inputs' | 'change'> | null {
  const names = plannedVariables(plan).filter((name) => values[name]);
  if (names.length === 0) return null;
  const row = Object.fromEntries(names.map((name) => [name, values[name] ?? '']));
  const filled = plan.inputs.filter((input) => Object.keys(input).some((name) => textAt(input, name) !== ''));
  const isThere = filled.some((input) =>
    plannedVariables(plan).every((name) => textAt(input, name) === (values[name] ?? '')),
  );
  if (isThere) return null;
  const done = `Row ${filled.length + 1} has the values that you tried in the editor.`;
  return { inputs: [...filled, row], change: { done, before: filled.length === 0 ? null : plan.inputs } };
}

/** As it would be typed. */
function textAt(input: Plan['inputs'][number], name: string): string {
  const value = input[name] ?? '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
