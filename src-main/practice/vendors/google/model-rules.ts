/** Which parameters Google's models take and how they name their versions (docs/providers.md#parameters-by-model). */

export interface GeminiFamily {
  readonly gemma: boolean;
  /** 2.5, 3.8, 4; undefined for Gemma and unknown ids. */
  readonly version: number | undefined;
  readonly latestAlias: boolean;
}

export function geminiFamily(model: string): GeminiFamily {
  const version = /^gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1];
  return {
    gemma: model.startsWith('gemma'),
    version: version === undefined ? undefined : Number(version),
    latestAlias: /^gemini-.*-latest$/.test(model),
  };
}

const GEMINI_VERSIONS: ReadonlyMap<string, string> = new Map([
  ['gemini-1.5-flash', 'gemini-1.5-flash-002'],
  ['gemini-1.5-pro', 'gemini-1.5-pro-002'],
  ['gemini-2.0-flash', 'gemini-2.0-flash-001'],
  ['gemini-2.0-flash-lite', 'gemini-2.0-flash-lite-001'],
]);

export function geminiEcho(model: string, generation: number): string {
  const version = GEMINI_VERSIONS.get(model) ?? model;
  if (generation === 0) return version;
  const digits = /-(\d{3})$/.exec(version)?.[1];
  const stem = digits === undefined ? version : version.slice(0, -4);
  return `${stem}-${String(Number(digits ?? '1') + generation).padStart(3, '0')}`;
}
