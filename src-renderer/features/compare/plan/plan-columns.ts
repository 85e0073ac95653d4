import {
  shortParameterName,
  type BatchRequestInput,
  type JsonObject,
  type NamedTemplate,
} from '../../../../src-shared/domain';
import {
  problemInWords,
  readParams,
  readSets,
  splitValues,
  type Reading,
} from '../../../../src-shared/files';
import { templateShapes, type Shape } from '../../../../src-shared/files/variables';
import type { Plan, PlanTarget } from './plan';

type Versions = Pick<Plan, 'template' | 'versions'>;

/** The columns that would run: a row without a model is not one yet. */
export function chosenTargets({ targets }: Pick<Plan, 'targets'>): PlanTarget[] {
  return targets.filter(({ model }) => model.trim() !== '');
}

/** The version that a column is of; null while it is not read. */
export function templateOf(
  { template, versions }: Versions,
  { templateId }: PlanTarget,
): NamedTemplate | null {
  if (templateId === null || templateId === template?.template_id) return template;
  return versions.find(({ template_id }) => template_id === templateId) ?? null;
}

/** The versions that columns are of, the plan's own first. */
export function comparedTemplates(plan: Versions & Pick<Plan, 'targets'>): NamedTemplate[] {
  const of = plan.targets.map((target) => templateOf(plan, target));
  const found = new Set(of.filter((template) => template !== null));
  const own = plan.template;
  if (own === null) return [];
  // A plan whose columns are all being chosen still has its inputs.
  if (found.size === 0 || found.delete(own)) return [own, ...found];
  return [...found];
}

/** The variables of all columns, in the order of their first use. */
export function plannedVariables(plan: Versions & Pick<Plan, 'targets'>): string[] {
  return [...new Set(comparedTemplates(plan).flatMap(({ variables }) => variables))];
}

/** How each variable is used. */
export function plannedShapes(plan: Versions & Pick<Plan, 'targets'>): ReadonlyMap<string, Shape> {
  return templateShapes(comparedTemplates(plan));
}

/** The sets of parameters that each column runs with. */
export function variedSets({ vary }: Pick<Plan, 'vary'>): Reading<JsonObject[]> {
  return readSets(vary.trim() === '' ? [] : splitValues(vary, ';').filter((text) => text !== ''));
}

/** How many columns the comparison has; null while the values to vary cannot be read. */
export function columnCount(plan: Pick<Plan, 'targets' | 'vary'>): number | null {
  const sets = variedSets(plan);
  return sets.ok ? chosenTargets(plan).length * sets.value.length : null;
}

type RequestedTarget = BatchRequestInput['targets'][number];

export type PlannedColumns =
  | { readonly ok: true; readonly targets: RequestedTarget[] }
  | { readonly ok: false; readonly problem: string };

/** The columns as a request, or the first thing that is wrong with one. */
export function requestedColumns(plan: Versions & Pick<Plan, 'targets' | 'vary'>): PlannedColumns {
  const chosen = chosenTargets(plan);
  if (chosen.length === 0) return { ok: false, problem: 'Add at least one model.' };
  const sets = variedSets(plan);
  if (!sets.ok) return { ok: false, problem: `Values to vary: ${problemInWords(sets.problem)}.` };
  const targets: RequestedTarget[] = [];
  for (const target of chosen) {
    const number = plan.targets.indexOf(target) + 1;
    if (templateOf(plan, target) === null)
      return { ok: false, problem: `Column ${number}: reading its version…` };
    const params = readParams(target.params);
    if (!params.ok) {
      return { ok: false, problem: `Column ${number}, parameters: ${problemInWords(params.problem)}.` };
    }
    const twice = Object.keys(params.value).find((parameter) =>
      sets.value.some((set) => Object.hasOwn(set, parameter)),
    );
    if (twice !== undefined) {
      return {
        ok: false,
        problem: `Column ${number} sets ${shortParameterName(twice)} itself, and it is to vary as well.`,
      };
    }
    for (const set of sets.value) {
      const parameters = { ...params.value, ...set };
      targets.push({
        model_id: target.model.trim(),
        ...(target.connectionId && { connection_id: target.connectionId }),
        ...(target.templateId !== null && { template_id: target.templateId }),
        ...(target.label !== null && { label: target.label }),
        ...(Object.keys(parameters).length > 0 && { inference_params: parameters }),
      });
    }
  }
  return { ok: true, targets };
}
