import type { Core } from '../ports';
import type { Implementer } from './base';

export function versionsRouter(os: Implementer['versions'], { versions }: Core) {
  return os.router({
    ensure: os.ensure.handler(({ input, signal }) => versions.ensure(input, signal)),
    list: os.list.handler(({ input }) => versions.list(input.template_id)),
  });
}
