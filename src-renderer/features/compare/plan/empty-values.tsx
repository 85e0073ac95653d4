import type { Variables } from '../../../../src-shared/domain';
import { useFormat } from '../../../ui';
import { emptyRows } from './plan-doubts';
import type { FirstPrompt } from './use-first-prompts';
import classes from './new-comparison.module.css';

interface Props {
  readonly inputs: readonly Variables[];
  readonly prompts: readonly FirstPrompt[];
}

/** What is sent where values are empty. */
export function EmptyValues({ inputs, prompts }: Props) {
  const format = useFormat();
  const { asText, byDefault, unknown } = emptyRows(
    inputs,
    prompts.map(({ template, rendered }) => ({
      variables: template.variables,
      optional: rendered?.optional_variables ?? null,
    })),
  );
  const have = (rows: number): string => `${format.plural(rows, 'row has', 'rows have')} an empty value`;
  return (
    <>
      {asText > 0 && <p className={classes.warning}>{have(asText)}; it is sent as empty text.</p>}
      {byDefault > 0 && (
        <p className={classes.note}>{have(byDefault)} for which the template has a default.</p>
      )}
      {unknown > 0 && <p className={classes.warning}>{have(unknown)}.</p>}
    </>
  );
}
