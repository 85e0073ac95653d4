import { validationError, type Template } from '../../src-shared/domain';

/** An archived template is read-only history; nothing new is made from it. @throws VALIDATION_FAILED */
export function assertInUse({ name, deleted_at }: Pick<Template, 'name' | 'deleted_at'>): void {
  if (deleted_at === null) return;
  throw validationError([
    { path: 'template_id', message: `"${name}" is archived: use a template that is not archived` },
  ]);
}
