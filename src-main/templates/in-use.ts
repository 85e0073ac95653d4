import { AppError, validationError, type Template } from '../../src-shared/domain';
import { latestPromptChange, promptNameFor, titleOf, type ReadDb } from '../store';

/** An archived template is read-only history; nothing new is made from it. @throws VALIDATION_FAILED */
export function assertInUse(db: ReadDb, template: Template): void {
  if (template.deleted_at === null) return;
  throw validationError([
    {
      path: 'template_id',
      message: `"${titleOf(db, template)}" is archived: use a template that is not archived`,
    },
  ]);
}

/** @throws PROMPT_INACTIVE */
export function assertActive(
  db: ReadDb,
  template: Pick<Template, 'prompt_id' | 'template_id' | 'name'>,
): void {
  const { prompt_id } = template;
  if (latestPromptChange(db, prompt_id)?.active !== false) return;
  throw new AppError(
    'PROMPT_INACTIVE',
    `"${promptNameFor(db, template)}" is inactive: it is neither run nor fetched by label nor compared. Nothing was sent. Set it active first.`,
    { data: { prompt_id } },
  );
}

/**
 * A trial is a draft that was run: labels and pins are for versions.
 * @param what of the kind "A label"
 * @throws TEMPLATE_IS_TRIAL
 */
export function assertNoTrial(
  { template_id, trial }: Pick<Template, 'template_id' | 'trial'>,
  what: string,
): void {
  if (!trial) return;
  throw new AppError(
    'TEMPLATE_IS_TRIAL',
    `${what} belongs to a version, and this is a trial. Freeze it first.`,
    {
      data: { template_id },
    },
  );
}
