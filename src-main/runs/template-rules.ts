import { AppError, countryProblem, validationError, type Template } from '../../src-shared/domain';
import { promptNameFor, type ReadDb } from '../store';

/**
 * Rejects, before anything is sent, features that this version of Prompter lacks; they are never silently ignored.
 * Probes are exempt: they use nothing of the template.
 * @throws ALS_UNSUPPORTED
 */
export function assertSupported(db: ReadDb, template: Pick<Template, 'als' | 'name' | 'template_id'>): void {
  if (!template.als) return;
  throw new AppError(
    'ALS_UNSUPPORTED',
    `"${promptNameFor(db, template)}" asks for an ambient location signal (als), which this version of Prompter cannot add yet. ` +
      'Nothing was sent. Freeze a child template without als, or wait for an update.',
    { data: { template_id: template.template_id, field: 'als' } },
  );
}

/** @throws VALIDATION_FAILED naming the fields with a country that the template does not allow */
export function assertCountriesAllowed(
  template: Pick<Template, 'country_set'>,
  countries: readonly { readonly path: string; readonly country: string | undefined }[],
): void {
  const fields = countries.flatMap(({ path, country }) => {
    const message = countryProblem(template, country);
    return message === null ? [] : [{ path, message }];
  });
  if (fields.length > 0) throw validationError(fields);
}
