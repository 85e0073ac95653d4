import { AppError, validationError, versionNamed, type Template } from '../../src-shared/domain';
import { labelsOf, latestPromptChange, promptNameFor, titleOf, type ReadDb } from '../store';

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

export function isActive(db: ReadDb, { prompt_id }: Pick<Template, 'prompt_id'>): boolean {
  return latestPromptChange(db, prompt_id)?.active !== false;
}

/** @throws PROMPT_INACTIVE */
export function assertActive(
  db: ReadDb,
  template: Pick<Template, 'prompt_id' | 'template_id' | 'name'>,
): void {
  if (isActive(db, template)) return;
  throw new AppError(
    'PROMPT_INACTIVE',
    `"${promptNameFor(db, template)}" is inactive: it is neither run nor fetched by label nor compared. Nothing was sent. Set it active first.`,
    { data: { prompt_id: template.prompt_id } },
  );
}

/**
 * Whoever follows a label to an archived version is refused, so a label that is in use keeps its version in use.
 * @throws TEMPLATE_LABELLED
 */
export function assertUnlabelled(db: ReadDb, template: Template): void {
  const labels = labelsOf(db, [template.template_id]).get(template.template_id) ?? [];
  if (labels.length === 0) return;
  const [which, them] =
    labels.length === 1
      ? [`the label ${labels.join()} points`, 'it']
      : [`the labels ${labels.join(', ')} point`, 'them'];
  throw new AppError(
    'TEMPLATE_LABELLED',
    `"${titleOf(db, template)}" is not archived: ${which} to it. Move or remove ${them} first.`,
    { data: { template_id: template.template_id, labels } },
  );
}

/**
 * `name@latest` and `name@v3` mean versions, so that a label of such a name would hardly be followed.
 * @throws VALIDATION_FAILED
 */
export function assertNoVersionWord(label: string): void {
  const version = versionNamed(label);
  if (version === null) return;
  const means = version === 'latest' ? 'the newest version' : `version ${version}`;
  throw validationError([
    { path: 'label', message: `"${label}" always means ${means} of a prompt: give the label another name` },
  ]);
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
