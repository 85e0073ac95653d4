import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Ref } from 'react';
import { FAILURE_CODES, FAILURE_WORDS, RUN_STATUSES } from '../../../src-shared/domain';
import type { RunsSearch } from '../../addresses';
import { CommandButton } from '../../commands';
import { orpc } from '../../rpc';
import { DayField, FilterInput, runStatusName, useFormat } from '../../ui';
import { templateLabel, TemplatePicker } from '../templates';
import { dayOf, isUnderstood, startOfDay } from './filters';
import classes from './runs.module.css';

const STATUS_OPTIONS = RUN_STATUSES.map((status) => ({ value: status, label: runStatusName(status) }));
const FAILURE_OPTIONS = FAILURE_CODES.map((code) => ({ value: code, label: FAILURE_WORDS[code] }));
const DELAY_MS = 150;

/** The options, plus the address's value if it is not among them. */
function withUnknown(options: readonly { value: string; label: string }[], value: string | undefined) {
  return value === undefined || options.some((option) => option.value === value)
    ? [...options]
    : [{ value, label: value }, ...options];
}

interface RunFiltersProps {
  readonly search: RunsSearch;
  readonly isFiltered: boolean;
  /** The filters without a field, in words. */
  readonly narrowed: string;
  readonly searchInput: Ref<HTMLInputElement>;
  onChange(changes: Partial<RunsSearch>): void;
}

/** Filters of the run list, all kept in the address. */
export function RunFilters({ search, isFiltered, narrowed, searchInput, onChange }: RunFiltersProps) {
  return (
    <div className={classes.filters} role="search" aria-label="Filter the runs">
      <FilterInput
        input={searchInput}
        className={classes.search}
        aria-label="Search runs"
        placeholder="Search names, prompts and outputs"
        value={search.q ?? ''}
        delayMs={DELAY_MS}
        onFilter={(q) => onChange({ q })}
      />
      <FilterInput
        className={classes.filter}
        aria-label="Filter by model"
        placeholder="Model starts with"
        value={search.model ?? ''}
        delayMs={DELAY_MS}
        onFilter={(model) => onChange({ model })}
      />
      <Select
        className={classes.filter}
        aria-label="Filter by status"
        placeholder="Any status"
        clearable
        data={withUnknown(STATUS_OPTIONS, search.status)}
        error={!isUnderstood(search, 'status')}
        value={search.status ?? null}
        onChange={(status) => onChange({ status: status ?? undefined })}
      />
      <Select
        className={classes.filter}
        aria-label="Filter by failure"
        placeholder="Any failure"
        clearable
        searchable
        data={withUnknown(FAILURE_OPTIONS, search.failure)}
        error={!isUnderstood(search, 'failure')}
        value={search.failure ?? null}
        onChange={(failure) => onChange({ failure: failure ?? undefined })}
      />
      <TemplateFilter search={search} onChange={onChange} />
      <ComparisonFilter search={search} onChange={onChange} />
      <div className={classes.range}>
        <DayFilter name="from" search={search} onChange={onChange} />
        <DayFilter name="to" search={search} onChange={onChange} />
      </div>
      <div className={classes.range}>
        <CostFilter name="min_cost" search={search} onChange={onChange} />
        <CostFilter name="max_cost" search={search} onChange={onChange} />
      </div>
      {(isFiltered || narrowed !== '') && (
        <CommandButton id="list.clear">
          {narrowed === '' ? 'Clear filters' : `${narrowed}: show all`}
        </CommandButton>
      )}
    </div>
  );
}

type PartProps = Pick<RunFiltersProps, 'search' | 'onChange'>;

function TemplateFilter({ search, onChange }: PartProps) {
  const { template: id } = search;
  const chosen = useQuery(
    orpc.templates.get.queryOptions({
      input: { template_id: id ?? '' },
      enabled: id !== undefined,
      placeholderData: undefined,
    }),
  );
  return (
    <div className={classes.filter}>
      <TemplatePicker
        value={id ?? null}
        name={id === undefined ? null : chosen.data ? templateLabel(chosen.data) : 'One template'}
        onChange={(template) => onChange({ template })}
        onClear={() => onChange({ template: undefined })}
      />
    </div>
  );
}

/** Offers the latest comparisons by name; an older one still shows as set. */
function ComparisonFilter({ search, onChange }: PartProps) {
  const format = useFormat();
  const { data } = useQuery(orpc.batches.list.queryOptions({ input: { limit: 100 } }));
  const known = (data?.items ?? []).map((batch) => ({
    value: batch.batch_id,
    label: `${batch.name ?? batch.prompt_name} · ${format.when(batch.created_at)}`,
  }));
  const other =
    search.batch !== undefined && !known.some(({ value }) => value === search.batch)
      ? [{ value: search.batch, label: 'One comparison' }]
      : [];
  return (
    <Select
      className={classes.filter}
      aria-label="Filter by comparison"
      placeholder="Any comparison"
      clearable
      searchable
      nothingFoundMessage="None of the latest 100 matches"
      data={[...other, ...known]}
      value={search.batch ?? null}
      onChange={(batch) => onChange({ batch: batch ?? undefined })}
    />
  );
}

function DayFilter({ name, search, onChange }: PartProps & { readonly name: 'from' | 'to' }) {
  const label = name === 'from' ? 'From' : 'To';
  // The last day is inclusive, so `to` is the start of the next.
  const later = name === 'from' ? 0 : 1;
  const value = search[name];
  return (
    <DayField
      which={label}
      label={`${label} day`}
      error={!isUnderstood(search, name)}
      value={value === undefined ? undefined : (dayOf(value, later) ?? undefined)}
      onChange={(day) =>
        onChange({ [name]: day === undefined ? undefined : (startOfDay(day, later) ?? day) })
      }
    />
  );
}

function CostFilter({ name, search, onChange }: PartProps & { readonly name: 'min_cost' | 'max_cost' }) {
  const isLowest = name === 'min_cost';
  return (
    <FilterInput
      className={classes.cost}
      aria-label={isLowest ? 'Lowest cost in USD' : 'Highest cost in USD'}
      leftSection={isLowest ? 'Cost from $' : 'to $'}
      leftSectionWidth={isLowest ? 86 : 38}
      inputMode="decimal"
      error={!isUnderstood(search, name)}
      value={search[name] ?? ''}
      delayMs={DELAY_MS}
      onFilter={(usd) => onChange({ [name]: usd })}
    />
  );
}
