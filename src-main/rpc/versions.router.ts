import type { Core } from '../ports';
import type { Implementer } from './base';

export function versionsRouter(os: Implementer['versions'], { versions }: Core) {
  return os.router({
    ensure: os.ensure.handler(({ input }) => versions.ensure(input)),
    list: os.list.handler(({ input }) => versions.list(input.template_id)),
    ofProvider: os.ofProvider.handler(({ input }) => versions.ofProvider(input)),
    drift: os.drift.handler(({ input }) => versions.drift(input)),
    driftAnswers: os.driftAnswers.handler(({ input }) => versions.driftAnswers(input)),
    pin: os.pin.handler(({ input }) => versions.pin(input)),
    unpin: os.unpin.handler(({ input }) => versions.unpin(input)),
    pins: os.pins.handler(({ input }) => versions.pins(input.template_id)),
  });
}
