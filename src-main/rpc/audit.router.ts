import type { Core } from '../ports';
import type { Implementer } from './base';

export function auditRouter(os: Implementer['audit'], { audit }: Core) {
  return os.router({
    checkpoint: os.checkpoint.handler(() => audit.checkpoint()),
    export: os.export.handler(async () => {
      const { lines, size } = await audit.export();
      return new File(lines, `prompter-audit-${size}`, { type: 'application/jsonl' });
    }),
    verify: os.verify.handler(() => audit.verify()),
  });
}
