import { templateTitle, type TemplateSummary } from '../../../../src-shared/domain';

/** A template as an option to choose. */
export function templateLabel(
  template: Pick<TemplateSummary, 'prompt_name' | 'version_number' | 'version_label'>,
): string {
  const title = templateTitle(template);
  return template.version_label ? `${title} (${template.version_label})` : title;
}
