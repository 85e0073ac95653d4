import { protocolOfApi, protocolRecord, type ResponseApi } from './protocols';
import type { EvidenceGrade, GradedVersion, VersionEvidence } from '../version';

/** The version key of an answer that says nothing about its model. */
export const UNKNOWN_VERSION_KEY = 'unknown';

const SHOWN_KEY = 120;

/**
 * A version key as sentences and lines show it. A server may call its version anything, of any length: records keep it
 * whole, as a key that was cut would be the key of other versions too.
 */
export function versionName(key: string): string {
  if (key.length <= SHOWN_KEY) return key;
  // Never half a character.
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
  return { key: model, grade: protocolRecord(protocolOfApi(api)).gradeModelId(model) };
}
