import type { Variables } from '../../../../src-shared/domain';
import { readParams } from '../../../../src-shared/files';
import type { Plan } from './plan';
import { chosenTargets, templateOf } from './plan-columns';

/** A version and its variables; those that it does without are null while that is not known. */
export interface Needs {
  readonly variables: readonly string[];
  readonly optional: readonly string[] | null;
}

export interface EmptyRows {
  /** Rows with an empty value that some version sends as empty text. */
  readonly asText: number;
  /** Rows with an empty value in place of which some version sends its own text. */
  readonly byDefault: number;
  /** Rows of which that is not known yet. */
  readonly unknown: number;
}

/** What becomes of empty values. A `default` of Liquid takes the place of empty text as well. */
export function emptyRows(inputs: readonly Variables[], versions: readonly Needs[]): EmptyRows {
  const asText = new Set<string>();
  const byDefault = new Set<string>();
  const unknown = new Set<string>();
  for (const { variables, optional } of versions) {
    for (const name of variables) {
      (optional === null ? unknown : optional.includes(name) ? byDefault : asText).add(name);
    }
  }
  const rowsWith = (names: ReadonlySet<string>): number =>
    inputs.filter((input) => Object.entries(input).some(([name, value]) => value === '' && names.has(name)))
      .length;
  return { asText: rowsWith(asText), byDefault: rowsWith(byDefault), unknown: rowsWith(unknown) };
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `Columns 1 and 2 are the same.`: each is paid for. A label is a name of the version that it points to. */
export function sameColumns(plan: Pick<Plan, 'template' | 'versions' | 'targets'>): string[] {
  const groups = new Map<string, string[]>();
  for (const target of chosenTargets(plan)) {
    const params = readParams(target.params);
    const version = templateOf(plan, target);
    if (!params.ok || version === null) continue;
    const parameters = Object.entries(params.value).toSorted(([one], [other]) => (one < other ? -1 : 1));
    const key = JSON.stringify([version.template_id, target.connectionId, target.model.trim(), parameters]);
    groups.set(key, [...(groups.get(key) ?? []), String(plan.targets.indexOf(target) + 1)]);
  }
  return [...groups.values()]
    .filter((numbers) => numbers.length > 1)
    .map((numbers) => `Columns ${LIST.format(numbers)} are the same.`);
}
