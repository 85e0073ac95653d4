import type { Core } from '../ports';
import type { Implementer } from './base';
import { withIdempotencyKey } from './idempotency';

export function templatesRouter(os: Implementer['templates'], { templates }: Core) {
  return os.router({
    create: os.create.handler(({ input, context }) => {
      const { template, replayed } = templates.create(withIdempotencyKey(input, context));
      if (replayed) context.respond.status = 200;
      return template;
    }),
    list: os.list.handler(({ input }) => templates.list(input)),
    get: os.get.handler(({ input }) => templates.get(input.template_id)),
    checkDuplicate: os.checkDuplicate.handler(({ input }) => templates.checkDuplicate(input)),
    render: os.render.handler(({ input }) => templates.render(input)),
    archive: os.archive.handler(({ input }) => templates.archive(input.template_id)),
    labels: os.labels.handler(({ input }) => templates.labels(input.template_id)),
    setLabel: os.setLabel.handler(({ input }) => templates.setLabel(input)),
    removeLabel: os.removeLabel.handler(({ input }) => templates.removeLabel(input)),
    lineage: os.lineage.handler(({ input }) => templates.lineage(input.template_id)),
  });
}
