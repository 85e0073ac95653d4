import { Select } from '@mantine/core';
import { templateTitle, type HistoryEntry } from '../../../../src-shared/domain';
import type { PlanTarget } from './plan';
import { templateOf } from './plan-columns';
import { setTarget, usePlan, usePlanStore } from './plan-store';

interface VersionSelectProps {
  readonly target: PlanTarget;
  readonly number: number;
  readonly versions: readonly HistoryEntry[];
}

/** Which version a column is of: by its number, or by a label, which is followed when the comparison starts. */
export function VersionSelect({ target, number, versions }: VersionSelectProps) {
  const store = usePlanStore();
  const own = usePlan(({ template }) => template?.template_id ?? null);
  const template = usePlan((plan) => templateOf(plan, target));
  const chosen = target.templateId ?? own;
  const labels = versions.flatMap(({ template_id, version_number, labels: names }) =>
    names.map((label) => ({
      value: `label:${label}`,
      label: `${label} (v${version_number ?? '?'})`,
      template_id,
    })),
  );
  const numbers = versions.map(({ template_id, version_number, message }) => ({
    value: template_id,
    label: [`v${version_number ?? '?'}`, message].filter(Boolean).join(' · '),
  }));
  // A draft that was run, or a version of another prompt, is not in the history.
  const isMissing = template !== null && !numbers.some(({ value }) => value === template.template_id);
  const extra = isMissing
    ? [
        {
          value: template.template_id,
          label: templateTitle(template),
        },
      ]
    : [];
  return (
    <Select
      aria-label={`Version of column ${number}`}
      placeholder="Version"
      allowDeselect={false}
      data={[
        ...(labels.length > 0 ? [{ group: 'Labels', items: labels }] : []),
        { group: 'Versions', items: [...extra, ...numbers] },
      ]}
      value={target.label === null ? chosen : `label:${target.label}`}
      onChange={(value) => {
        const label = labels.find((one) => one.value === value);
        const templateId = label?.template_id ?? value;
        setTarget(store, target.key, {
          label: label ? label.value.slice('label:'.length) : null,
          templateId: templateId === own && !label ? null : templateId,
        });
      }}
    />
  );
}
