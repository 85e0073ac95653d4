import { SegmentedControl, Select, Switch } from '@mantine/core';
import { useMemo } from 'react';
import { DayField } from '../../ui';
import classes from './analytics.module.css';
import { rangeName, type AnalyticsSearch } from './search';
import { RANGES, systemZone, zones } from './range';

/** Range and time zone for the whole screen. */
export function AnalyticsToolbar({
  search,
  shown,
  onChange,
}: {
  readonly search: AnalyticsSearch;
  /** The days shown, as the start for a custom range. */
  readonly shown: { readonly from: string; readonly to: string } | null;
  onChange(changes: Partial<AnalyticsSearch>): void;
}) {
  const names = useMemo(zones, []);
  const range = rangeName(search);
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Range"
        value={range}
        onChange={(value) => {
          const preset = RANGES.find(({ name }) => name === value)?.name;
          if (preset) onChange({ range: preset, from: undefined, to: undefined });
          else onChange({ range: 'custom', from: shown?.from, to: shown?.to });
        }}
        data={[
          ...RANGES.map(({ name, label }) => ({ value: name, label })),
          { value: 'custom', label: 'Custom' },
        ]}
      />
      {range === 'custom' && (
        <>
          <DayField
            which="From"
            label="First day"
            value={search.from}
            max={search.to}
            onChange={(from) => onChange({ from })}
          />
          <DayField
            which="To"
            label="Last day"
            value={search.to}
            min={search.from}
            onChange={(to) => onChange({ to })}
          />
        </>
      )}
      <Select
        className={classes.zone}
        aria-label="Time zone"
        searchable
        allowDeselect={false}
        data={names}
        value={search.zone ?? systemZone()}
        onChange={(zone) => onChange({ zone: zone === null || zone === systemZone() ? undefined : zone })}
      />
      <Switch
        size="xs"
        label="Practice"
        title="Show practice runs instead of real ones"
        checked={search.practice === true}
        onChange={(event) => onChange({ practice: event.currentTarget.checked ? true : undefined })}
      />
    </>
  );
}
