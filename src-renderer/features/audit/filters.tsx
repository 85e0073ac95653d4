import { Select } from '@mantine/core';
import type { RefObject } from 'react';
import { recordTypeOf } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { DayField, FilterInput } from '../../ui';
import { KIND_OPTIONS } from './names';
import type { AuditSearch } from './search';
import classes from './audit.module.css';

export type AuditFilters = Omit<AuditSearch, 'entry' | 'checkpoint'>;

/** The log may be long, so it is searched only when typing pauses. */
const DELAY_MS = 200;

interface FiltersProps {
  readonly filters: AuditFilters;
  onChange(changes: AuditFilters): void;
  readonly objectInput: RefObject<HTMLInputElement | null>;
}

/** Filters of the log, all kept in the address. */
export function Filters({ filters, onChange, objectInput }: FiltersProps) {
  return (
    <div className={classes.filters} role="search" aria-label="Filter the log">
      <Select
        className={classes.kind}
        aria-label="Event"
        placeholder="Any event"
        clearable
        data={KIND_OPTIONS}
        value={filters.kind ?? null}
        onChange={(kind) => onChange({ kind: recordTypeOf(kind) })}
      />
      <FilterInput
        input={objectInput}
        className={classes.object}
        aria-label="Object id"
        placeholder="Object id"
        value={filters.object ?? ''}
        delayMs={DELAY_MS}
        onFilter={(object) => onChange({ object })}
      />
      <FilterInput
        className={classes.actor}
        aria-label="Actor"
        placeholder="Actor"
        value={filters.actor ?? ''}
        delayMs={DELAY_MS}
        onFilter={(actor) => onChange({ actor })}
      />
      <DayField
        which="From"
        label="From day"
        className={classes.day}
        value={filters.from}
        max={filters.to}
        onChange={(from) => onChange({ from })}
      />
      <DayField
        which="To"
        label="To day"
        className={classes.day}
        value={filters.to}
        min={filters.from}
        onChange={(to) => onChange({ to })}
      />
      {Object.values(filters).some((value) => value !== undefined) && <CommandButton id="list.clear" />}
    </div>
  );
}
