import { versionName, type GradedVersion, type Template } from '../../src-shared/domain';

/** What a template requires of the version that answers. */
export type VersionConstraint = Pick<Template, 'model_version_constraint' | 'fingerprint_allowlist'>;

export function constrainsVersion(template: VersionConstraint): boolean {
  return template.model_version_constraint !== null || template.fingerprint_allowlist.length > 0;
}

export interface VersionMismatch {
  /** The two halves of "the template …, but … answered". */
  readonly wanted: string;
  readonly seen: string;
  /** How to continue with the version that answers now. */
  readonly remedy: string;
  /** A pin can be changed; what was frozen with the template cannot. */
  readonly isPin: boolean;
}

/** Why a version may not answer the template; null if it may. `frozen`: the pin is the template's own constraint. */
export function versionMismatch(
  template: VersionConstraint,
  { provider_version_key: seen, evidence }: GradedVersion,
  { frozen }: { readonly frozen: boolean } = { frozen: false },
): VersionMismatch | null {
  const { model_version_constraint: pinned, fingerprint_allowlist: allowed } = template;
  if (pinned !== null && seen !== pinned) {
    return {
      wanted: `is pinned to ${versionName(pinned)}`,
      seen: versionName(seen),
      remedy: frozen
        ? 'Freeze a version of the template without its model_version_constraint'
        : 'Pin the new version, unpin the model',
      isPin: !frozen,
    };
  }
  const { system_fingerprint } = evidence;
  if (allowed.length > 0 && (system_fingerprint === null || !allowed.includes(system_fingerprint))) {
    return {
      wanted: 'allows only certain fingerprints',
      seen: `${versionName(seen)} with ${system_fingerprint === null ? 'no fingerprint' : `the fingerprint ${versionName(system_fingerprint)}`}`,
      remedy: 'Freeze a version of the template that allows it',
      isPin: false,
    };
  }
  return null;
}
