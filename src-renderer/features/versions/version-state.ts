import type { EvidenceGrade } from '../../../src-shared/domain';

/** The state of a version seen with a template. */
export type VersionState = 'pinned' | 'drift' | 'mismatch' | 'unverified' | 'seen';

interface SeenVersion {
  readonly provider_version_key: string;
  readonly evidence_grade: EvidenceGrade;
}

/**
 * A version's state relative to the pin, if there is one, else to the version before it. Without evidence it is
 * unverified, pinned or not: green needs evidence.
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
