import { driftDate } from '../drift-date';

/** Which parameters Anthropic's models take and how they name their versions (docs/providers.md#parameters-by-model). */

export interface ClaudeFamily {
  /** Major and minor as one number, 5.5; undefined for an id that is not Claude's. */
  readonly version: number | undefined;
  /** Always thinks and rejects a forced tool choice. */
  readonly alwaysThinks: boolean;
}

export function claudeFamily(model: string): ClaudeFamily {
  const match = /claude-(?:([a-z]+)-)?(\d{1,2})(?:[-.](\d{1,2}))?(?![\d])/.exec(model);
  if (match === null) return { version: undefined, alwaysThinks: false };
  const line = match[1];
  const version = Number(match[2]) + Number(match[3] ?? 0) / 10;
  const alwaysThinks =
    ((line === 'opus' || line === 'sonnet') && version === 5.5) || (line === 'fable' && version > 5);
  return { version, alwaysThinks };
}

export function claudeEcho(model: string, generation: number): string {
  if (generation === 0) return model;
  return `${model.replace(/-\d{8}$/, '')}-${driftDate(generation).replaceAll('-', '')}`;
}
