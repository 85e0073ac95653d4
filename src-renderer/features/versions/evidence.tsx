import type { EvidenceGrade, VersionEvidence } from '../../../src-shared/domain';
import { Fact, Facts, GradeBadge, Mono } from '../../ui';

/** One side of a version change; null fields are unknown. */
export interface EvidenceSide {
  readonly provider_version_key: string | null;
  readonly evidence_grade: EvidenceGrade | null;
  readonly evidence: VersionEvidence | null;
  /** A run that proves it. */
  readonly run_id?: string;
}

/** The evidence before or after a change, verbatim from the provider. */
export function Evidence({ title, side }: { readonly title: string; readonly side: EvidenceSide }) {
  const { provider_version_key: version, evidence, run_id } = side;
  return (
    <Facts paired>
      <Fact name={title} copy={version}>
        {version === null ? 'none known' : <Mono>{version}</Mono>}
      </Fact>
      <Fact name="Evidence">
        <GradeBadge grade={side.evidence_grade} />
      </Fact>
      <Fact name="Echoed model">{evidence?.echoed_model ?? 'none'}</Fact>
      <Fact name="Fingerprint">{evidence?.system_fingerprint ?? 'none'}</Fact>
      {run_id !== undefined && (
        <Fact name="Run" copy={run_id}>
          <a href={`#/runs?run=${encodeURIComponent(run_id)}`}>Open the run</a>
        </Fact>
      )}
    </Facts>
  );
}
