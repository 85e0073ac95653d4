import type { EvidenceGrade } from '../../../src-shared/domain';

/** What is to be said of a version that answered a template. */
export type VersionState = 'pinned' | 'drift' | 'mismatch' | 'unverified' | 'seen';

interface SeenVersion {
  readonly provider_version_key: string;
  readonly evidence_grade: EvidenceGrade;
}

/**
 * The state of a version: against the pin where there is one, else against what answered before. What proves nothing
 * is unverified, pinned or not: green needs evidence.
 */
export function versionState(
  version: SeenVersion,
  context: { readonly pin: string | null; readonly drifted: boolean },
): VersionState {
  if (context.pin !== null && version.provider_version_key !== context.pin) return 'mismatch';
  if (version.evidence_grade === 'alias_only' || version.evidence_grade === 'none') return 'unverified';
  if (context.pin !== null) return 'pinned';
  return context.drifted ? 'drift' : 'seen';
}
