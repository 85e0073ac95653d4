import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { RefObject } from 'react';
import { AUDIT_RECORD_TYPES, type AuditRecordType } from '../../../src-shared/contract';
import { CommandButton } from '../../commands';
import { KIND_OPTIONS } from './names';
import classes from './audit.module.css';

export interface AuditFilters {
  readonly kind?: AuditRecordType | undefined;
  readonly actor?: string | undefined;
  readonly object?: string | undefined;
  /** Days, as the person's clock has them. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface FiltersProps {
  readonly filters: AuditFilters;
  onChange(changes: AuditFilters): void;
  readonly objectInput: RefObject<HTMLInputElement | null>;
}

/** What of the log is shown; all of it is in the address. */
export function Filters({ filters, onChange, objectInput }: FiltersProps) {
  const later = useDebouncedCallback((changes: AuditFilters) => onChange(changes), 200);
  const given = (text: string): string | undefined => text.trim() || undefined;
  return (
    <div className={classes.filters} role="search" aria-label="Filter the log">
      <Select
        className={classes.kind}
        aria-label="What"
        placeholder="Anything"
        clearable
        data={KIND_OPTIONS}
        value={filters.kind ?? null}
        onChange={(kind) => onChange({ kind: AUDIT_RECORD_TYPES.find((known) => known === kind) })}
      />
      <TextInput
        ref={objectInput}
        key={filters.object ?? ''}
        className={classes.object}
        aria-label="Object id"
        placeholder="Object id"
        defaultValue={filters.object ?? ''}
        onChange={(event) => later({ object: given(event.currentTarget.value) })}
      />
      <TextInput
        className={classes.actor}
        aria-label="Actor"
        placeholder="Actor"
        defaultValue={filters.actor ?? ''}
        onChange={(event) => later({ actor: given(event.currentTarget.value) })}
      />
      <TextInput
        type="date"
        aria-label="From day"
        value={filters.from ?? ''}
        onChange={(event) => onChange({ from: given(event.currentTarget.value) })}
      />
      <TextInput
        type="date"
        aria-label="To day"
        value={filters.to ?? ''}
        onChange={(event) => onChange({ to: given(event.currentTarget.value) })}
      />
      {Object.values(filters).some((value) => value !== undefined) && <CommandButton id="list.clear" />}
    </div>
  );
}
