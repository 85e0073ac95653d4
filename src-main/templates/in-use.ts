import { validationError, type Template } from '../../src-shared/domain';

/** An archived template is history: it can be read, and nothing new is made of it. @throws VALIDATION_FAILED */
export function assertInUse({ name, deleted_at }: Pick<Template, 'name' | 'deleted_at'>): void {
  if (deleted_at === null) return;
  throw validationError([
    { path: 'template_id', message: `"${name}" is archived: use a template that is not archived` },
  ]);
}
