import type { Core } from '../ports';
import type { Implementer } from './base';

export function connectionsRouter(os: Implementer['connections'], { connections }: Core) {
  return os.router({
    list: os.list.handler(() => connections.list()),
    create: os.create.handler(({ input }) => connections.create(input)),
    update: os.update.handler(({ input }) => connections.update(input)),
    test: os.test.handler(({ input, signal }) => connections.test(input, signal)),
    setSecret: os.setSecret.handler(({ input }) => connections.setSecret(input.connection_id, input.secret)),
    setDialect: os.setDialect.handler(({ input }) => connections.setDialect(input)),
    archive: os.archive.handler(({ input }) => connections.archive(input.connection_id)),
    models: os.models.handler(({ input, signal }) => connections.models(input, signal)),
  });
}
