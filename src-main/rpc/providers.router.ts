import type { Core } from '../ports';
import type { Implementer } from './base';

export function providersRouter(os: Implementer['providers'], { providers }: Core) {
  return os.router({
    list: os.list.handler(() => providers.list()),
    models: os.models.handler(({ input, signal }) => providers.models(input, signal)),
  });
}
