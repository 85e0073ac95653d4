import type { Core } from '../ports';
import type { Implementer } from './base';
import { openStream } from './event-queue';

export function systemRouter(os: Implementer['system'], { system }: Core, version: string) {
  return os.router({
    health: os.health.handler(() => ({ status: 'ok' as const, version })),
    status: os.status.handler(() => system.status()),
    changes: os.changes.handler(({ signal }) => openStream(system.changes(signal))),
    installSample: os.installSample.handler(() => system.installSample()),
    dismissSample: os.dismissSample.handler(() => system.dismissSample()),
  });
}
