import { claudeVersion } from './model-family';
import type { ResponseApi } from './run';
import type { EvidenceGrade, GradedVersion, VersionEvidence } from './version';

/** The key of an answer that says nothing about its model. */
export const UNKNOWN_VERSION_KEY = 'unknown';

const SHOWN_KEY = 120;

/**
 * A version key as sentences and lines show it. A server may call its version anything, of any length: records keep it
 * whole, as a key that was cut would be the key of other versions too.
 */
export function versionName(key: string): string {
  if (key.length <= SHOWN_KEY) return key;
  // Not half of a character.
  const start = key.slice(0, SHOWN_KEY).replace(/[\ud800-\udbff]$/, '');
  return `${start}… (${key.length} characters)`;
}

interface Graded {
  readonly key: string;
  readonly grade: EvidenceGrade;
}

/** Reduces evidence to one comparable key, and says how much it proves (docs/providers.md#version-evidence). */
export function gradeVersion(input: {
  readonly providerId: string;
  readonly api: ResponseApi;
  readonly evidence: VersionEvidence;
}): GradedVersion {
  const { api, evidence } = input;
  const { key, grade } = fingerprint(evidence) ?? echoed(api, evidence.echoed_model);
  return { provider_version_key: key, evidence_grade: grade, evidence };
}

/** Ollama writes the same constant for every model and build. */
const WORTHLESS_FINGERPRINTS: ReadonlySet<string> = new Set(['fp_ollama']);

function fingerprint({ system_fingerprint: value }: VersionEvidence): Graded | null {
  if (value === null || value === '' || WORTHLESS_FINGERPRINTS.has(value)) return null;
  // vLLM, llama.cpp and LM Studio write their own build there: it names the server, not the weights.
  return { key: value, grade: value.startsWith('fp_') ? 'fingerprint' : 'server_build' };
}

function echoed(api: ResponseApi, model: string | null): Graded {
  if (model === null || model === '') return { key: UNKNOWN_VERSION_KEY, grade: 'none' };
  return { key: model, grade: gradeModelId(api, model) };
}

function gradeModelId(api: ResponseApi, model: string): EvidenceGrade {
  switch (api) {
    case 'anthropic.messages':
      return gradeClaude(model);
    case 'gemini.generate_content':
      return gradeGemini(model);
    case 'openai.responses':
    case 'openai.chat_completions':
      return gradeOpenAi(model);
  }
}

function gradeOpenAi(model: string): EvidenceGrade {
  // A fine-tuned model's id names one set of weights.
  if (model.startsWith('ft:')) return 'pinned_id';
  if (/-20\d\d-[01]\d-[0-3]\d$/.test(model)) return 'dated_snapshot';
  // gpt-4-0613, gpt-3.5-turbo-0125, gpt-4-1106-preview: snapshots named by month and day.
  if (/^gpt-(3\.5|4)-.*?[01]\d[0-3]\d(-preview)?$/.test(model)) return 'dated_snapshot';
  return 'alias_only';
}

function gradeClaude(model: string): EvidenceGrade {
  if (/[-@]20\d{6}(-v\d+(:\d+)?)?$/.test(model)) return 'dated_snapshot';
  if (model.endsWith('-latest')) return 'alias_only';
  // From 4.6 on an id without a date is itself a pinned snapshot.
  return (claudeVersion(model) ?? 0) >= 4.6 ? 'pinned_id' : 'alias_only';
}

function gradeGemini(model: string): EvidenceGrade {
  // -001, -09-2025, and the previews' month and day (-05-20).
  return /-(\d{3}|[01]\d-20\d\d|[01]\d-[0-3]\d)$/.test(model) ? 'dated_snapshot' : 'alias_only';
}
