import { AppError, type Template } from '../../src-shared/domain';
import type { ConnectionTarget } from '../ports';
import type { Versions } from '../versions';

/**
 * Refuses a run whose model is known to have moved, before money is spent. Where the version cannot be known (probes
 * off), the run goes on and the answer decides.
 * @throws VERSION_MISMATCH
 */
export async function assertPinHolds(
  versions: Versions,
  run: { template: Template; target: ConnectionTarget; modelId: string },
): Promise<void> {
  const pinned = run.template.model_version_constraint;
  if (pinned === null) return;
  const { version, source, verified } = await versions.current(run);
  if (!verified || version.provider_version_key === pinned) return;
  throw new AppError(
    'VERSION_MISMATCH',
    `"${run.template.name}" is pinned to ${pinned}, but ${run.modelId} now answers as ${version.provider_version_key}. Nothing was sent. Pin the new version, unpin the template, or choose another model.`,
    {
      data: {
        template_id: run.template.template_id,
        connection_id: run.target.connectionId,
        model_id: run.modelId,
        expected: pinned,
        actual: version.provider_version_key,
        evidence_grade: version.evidence_grade,
        source,
      },
    },
  );
}
