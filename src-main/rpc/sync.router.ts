import type { Core } from '../ports';
import type { Implementer } from './base';

export function syncRouter(os: Implementer['sync'], { sync }: Core) {
  return os.router({
    status: os.status.handler(() => sync.status()),
    push: os.push.handler(({ signal }) => sync.push(signal)),
    pause: os.pause.handler(() => sync.pause()),
    resume: os.resume.handler(() => sync.resume()),
    setAside: os.setAside.handler(({ input }) => sync.setAside(input)),
    retrySetAside: os.retrySetAside.handler(() => sync.retrySetAside()),
    counts: os.counts.handler(() => sync.counts()),
    test: os.test.handler(({ input }) => sync.test(input)),
    setConnection: os.setConnection.handler(({ input }) => sync.setConnection(input)),
    turnOff: os.turnOff.handler(() => sync.turnOff()),
    init: os.init.handler(({ input }) => sync.init(input)),
  });
}
