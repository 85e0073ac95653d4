import type { Core } from '../ports';
import type { Implementer } from './base';

export function backupsRouter(os: Implementer['backups'], { backups }: Core) {
  return os.router({
    create: os.create.handler(() => backups.create()),
    list: os.list.handler(() => backups.list()),
  });
}
