import { AppError, type Template } from '../../src-shared/domain';
import type { ConnectionTarget } from '../ports';
import type { Versions } from '../versions';
import { constrainsVersion, versionMismatch } from './version-constraint';

/**
 * Refuses a run whose model is known to have moved, before money is spent. If the version cannot be known (probes off),
 * the run proceeds and its answer decides.
 * @throws VERSION_MISMATCH
 */
export async function assertPinHolds(
  versions: Versions,
  run: { template: Template; target: ConnectionTarget; modelId: string },
): Promise<void> {
  if (!constrainsVersion(run.template)) return;
  const { version, source, verified } = await versions.current(run);
  const mismatch = verified ? versionMismatch(run.template, version) : null;
  if (mismatch === null) return;
  throw new AppError(
    'VERSION_MISMATCH',
    `"${run.template.name}" ${mismatch.wanted}, but ${run.modelId} is now served by ${mismatch.seen}. Nothing was sent. ${mismatch.remedy}, or choose another model.`,
    {
      data: {
        template_id: run.template.template_id,
        connection_id: run.target.connectionId,
        model_id: run.modelId,
        expected: run.template.model_version_constraint,
        actual: version.provider_version_key,
        allowed_fingerprints: run.template.fingerprint_allowlist,
        system_fingerprint: version.evidence.system_fingerprint,
        evidence_grade: version.evidence_grade,
        source,
      },
    },
  );
}
