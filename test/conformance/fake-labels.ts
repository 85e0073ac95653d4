import { notFound, type TemplateLabel } from '../../src-shared/domain';
import type { Service } from '../../src-main/ports';

/** Labels without a workspace: enough to show how they travel. */
export function createFakeLabels(
  now: string,
): Pick<Service<'templates'>, 'labels' | 'setLabel' | 'removeLabel'> {
  const labels = new Map<string, TemplateLabel>();
  return {
    labels: ({ template_id }) => ({
      items: [...labels.values()].filter((label) => label.template_id === template_id),
    }),
    setLabel(to) {
      const place = {
        move_id: 'move',
        org_id: 'default',
        workspace_id: 'default',
        prompt_id: to.template_id,
        moved_at: now,
        ...to,
      };
      labels.set(to.label, place);
      return place;
    },
    removeLabel({ template_id, label }) {
      const place = labels.get(label);
      if (place?.template_id !== template_id) throw notFound('label', label);
      labels.delete(label);
      return { ...place, template_id: null };
    },
  };
}
