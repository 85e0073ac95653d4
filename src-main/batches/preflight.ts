import { cellTotal, type BatchRequest, type ResolvedTarget, validationError } from '../../src-shared/domain';
import type { ProviderClients } from '../ports';
import { assertCanSearch, assertCountriesAllowed, assertTargetTakes, renderToSend } from '../runs';
import type { ReadDb } from '../store';
import { assertInputsAreRead, assertInputsRender } from './cells';
import { namesOf, type Column } from './columns';

/** Larger plans should be split into several batches: the bookkeeping alone would slow the app. */
const MAX_CELLS = 1_000_000;

type Plan = Pick<BatchRequest, 'inputs' | 'locales' | 'modes' | 'replicates'>;

/**
 * What can be said of a plan before any model is asked.
 * @throws VALIDATION_FAILED, MISSING_VARIABLE, TEMPLATE_SYNTAX, GROUNDING_UNSUPPORTED
 */
export function assertPlanHolds(
  { read, clients }: { readonly read: ReadDb; readonly clients: ProviderClients },
  columns: readonly Column[],
  plan: Plan,
): void {
  assertLocalesAllowed(columns, plan);
  const total = cellsOf(columns, plan);
  if (total > MAX_CELLS) {
    throw validationError([
      { path: 'inputs', message: `the plan has ${total} cells; at most ${MAX_CELLS} are allowed` },
    ]);
  }
  const names = namesOf(read, columns);
  const templates = new Map(columns.map(({ template }) => [template.template_id, template]));
  const rendered = new Set<string>();
  for (const [index, { template }] of columns.entries()) {
    if (rendered.has(template.template_id)) continue;
    rendered.add(template.template_id);
    const name = templates.size === 1 ? null : `${index + 1} (${names[index] ?? ''})`;
    assertInputsRender(read, template, plan.inputs, name);
  }
  assertInputsAreRead([...templates.values()], plan.inputs);
  for (const [index, { connection: target, target: of, template }] of columns.entries()) {
    const modelId = of.model_id;
    const prompt = renderToSend(read, template, { variables: plan.inputs[0] ?? {} });
    assertTargetTakes(clients, { target, modelId, path: `targets.${index}` }, prompt);
    for (const mode of plan.modes ?? [template.grounding_mode]) {
      assertCanSearch(clients, { target, modelId, mode });
    }
  }
}

/** @throws VALIDATION_FAILED naming the countries that a column's template does not allow */
export function assertLocalesAllowed(
  columns: readonly Pick<Column, 'template'>[],
  { locales = [] }: Pick<BatchRequest, 'locales'>,
): void {
  const countries = locales.map((country, index) => ({ path: `locales.${index}`, country }));
  for (const { template } of columns) assertCountriesAllowed(template, countries);
}

export function cellsOf(columns: readonly unknown[], plan: Plan): number {
  return cellTotal({
    inputs: plan.inputs.length,
    locales: plan.locales?.length ?? 1,
    modes: plan.modes?.length ?? 1,
    targets: columns.length,
    replicates: plan.replicates,
  });
}

/** The columns as they are stored. Where the request names no modes, each has its template's own. */
export function targetsOf(
  columns: readonly Column[],
  { modes }: Pick<BatchRequest, 'modes'>,
): ResolvedTarget[] {
  return columns.map(({ target, template }, target_index) => ({
    ...target,
    target_index,
    grounding_mode: modes === undefined ? template.grounding_mode : null,
  }));
}
