import { AppError, type GradedVersion, type Template } from '../../src-shared/domain';
import type { ConnectionTarget } from '../ports';
import type { CurrentVersion, FindCurrentVersion, Versions } from '../versions';
import { constrainsVersion, versionMismatch, type VersionMismatch } from './version-constraint';

export interface HeldRun {
  /** With the pin that the run is held to. */
  readonly template: Template;
  /** What the template is called in a message. */
  readonly title: string;
  readonly target: ConnectionTarget;
  readonly modelId: string;
  /** The pin is the template's own constraint, which nothing lifts. */
  readonly frozen: boolean;
}

export interface PinMismatch extends VersionMismatch {
  readonly message: string;
  readonly source: CurrentVersion['source'];
  readonly actual: GradedVersion;
}

/**
 * Whether the run's model is known to have moved, before money is spent; null if it has not. If the version cannot be
 * known (probes off), nothing is wrong yet and the answer decides.
 */
export async function pinMismatch(current: FindCurrentVersion, run: HeldRun): Promise<PinMismatch | null> {
  if (!constrainsVersion(run.template)) return null;
  return mismatchOf(run, await current(run));
}

/** Whether what is known of the run's model proves that it has moved; null if it does not. */
export function mismatchOf(run: HeldRun, { version, source, verified }: CurrentVersion): PinMismatch | null {
  const mismatch = verified ? versionMismatch(run.template, version, { frozen: run.frozen }) : null;
  if (mismatch === null) return null;
  const { wanted, seen, remedy } = mismatch;
  const message = `"${run.title}" ${wanted}, but ${run.modelId} is now served by ${seen}. Nothing was sent. ${remedy}, or choose another model.`;
  return { ...mismatch, message, source, actual: version };
}

/** Refuses a run whose model is known to have moved. @throws VERSION_MISMATCH */
export async function assertPinHolds(versions: Versions, run: HeldRun): Promise<void> {
  const mismatch = await pinMismatch((request) => versions.current(request), run);
  if (mismatch !== null) throw mismatchError(run, mismatch);
}

export function mismatchError(run: HeldRun, { message, source, actual }: PinMismatch): AppError {
  return new AppError('VERSION_MISMATCH', message, {
    data: {
      template_id: run.template.template_id,
      connection_id: run.target.connectionId,
      provider: run.target.provider.provider_id,
      model_id: run.modelId,
      expected: run.template.model_version_constraint,
      actual: actual.provider_version_key,
      allowed_fingerprints: run.template.fingerprint_allowlist,
      system_fingerprint: actual.evidence.system_fingerprint,
      evidence_grade: actual.evidence_grade,
      source,
    },
  });
}
