import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Ref } from 'react';
import { FAILURE_CODES, RUN_STATUSES } from '../../../src-shared/domain';
import type { RunsSearch } from '../../addresses';
import { CommandButton } from '../../commands';
import { orpc } from '../../rpc';
import { FilterInput, runStatusName, useFormat } from '../../ui';
import { TemplatePicker } from '../templates';
import { dayOf, filtersOf, isAmount, startOfDay } from './filters';
import classes from './runs.module.css';

const STATUS_OPTIONS = RUN_STATUSES.map((status) => ({ value: status, label: runStatusName(status) }));
const FAILURE_OPTIONS = FAILURE_CODES.map((code) => ({ value: code, label: code.replaceAll('_', ' ') }));
const DELAY_MS = 150;

interface RunFiltersProps {
  readonly search: RunsSearch;
  /** The filters without a field here, in words. */
  readonly narrowed: string;
  readonly modelInput: Ref<HTMLInputElement>;
  onChange(changes: Partial<RunsSearch>): void;
}

/** Which runs are shown; all of it is in the address. */
export function RunFilters({ search, narrowed, modelInput, onChange }: RunFiltersProps) {
  const isFiltered = Object.keys(filtersOf(search)).length > 0;
  return (
    <div className={classes.filters} role="search" aria-label="Filter the runs">
      <FilterInput
        input={modelInput}
        className={classes.filter}
        aria-label="Filter by model"
        placeholder="Model begins with"
        value={search.model ?? ''}
        delayMs={DELAY_MS}
        onFilter={(model) => onChange({ model })}
      />
      <Select
        className={classes.filter}
        aria-label="Filter by status"
        placeholder="Any status"
        clearable
        data={STATUS_OPTIONS}
        value={search.status ?? null}
        onChange={(status) => onChange({ status: RUN_STATUSES.find((known) => known === status) })}
      />
      <Select
        className={classes.filter}
        aria-label="Filter by failure"
        placeholder="Any failure"
        clearable
        searchable
        data={FAILURE_OPTIONS}
        value={FAILURE_CODES.find((known) => known === search.failure) ?? null}
        onChange={(failure) => onChange({ failure: failure ?? undefined })}
      />
      <TemplateFilter search={search} onChange={onChange} />
      <ComparisonFilter search={search} onChange={onChange} />
      <DayFilter label="From" later={0} value={search.from} onChange={(from) => onChange({ from })} />
      <DayFilter label="To" later={1} value={search.to} onChange={(to) => onChange({ to })} />
      <CostFilter label="Cost from" value={search.min_cost} onChange={(min_cost) => onChange({ min_cost })} />
      <CostFilter label="to" value={search.max_cost} onChange={(max_cost) => onChange({ max_cost })} />
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
        name={id === undefined ? null : (chosen.data?.name ?? 'One template')}
        onChange={(template) => onChange({ template })}
        onClear={() => onChange({ template: undefined })}
      />
    </div>
  );
}

/** The latest comparisons by name; one that is older is still told apart from none. */
function ComparisonFilter({ search, onChange }: PartProps) {
  const format = useFormat();
  const { data } = useQuery(orpc.batches.list.queryOptions({ input: { limit: 100 } }));
  const known = (data?.items ?? []).map((batch) => ({
    value: batch.batch_id,
    label: `${batch.name ?? batch.template_name} · ${format.when(batch.created_at)}`,
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

interface DayFilterProps {
  readonly label: string;
  readonly later: number;
  readonly value: string | undefined;
  onChange(time: string | undefined): void;
}

function DayFilter({ label, later, value, onChange }: DayFilterProps) {
  return (
    <TextInput
      type="date"
      aria-label={`${label} day`}
      leftSection={label}
      leftSectionWidth={later === 0 ? 46 : 30}
      value={value === undefined ? '' : (dayOf(value, later) ?? '')}
      onChange={(event) => onChange(startOfDay(event.currentTarget.value, later))}
    />
  );
}

interface CostFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  onChange(usd: string | undefined): void;
}

function CostFilter({ label, value, onChange }: CostFilterProps) {
  const isWrong = value !== undefined && !isAmount(value);
  return (
    <FilterInput
      className={classes.cost}
      aria-label={label === 'to' ? 'Highest cost in USD' : 'Lowest cost in USD'}
      leftSection={`${label} $`}
      leftSectionWidth={label === 'to' ? 34 : 74}
      inputMode="decimal"
      error={isWrong && 'An amount such as 0.05'}
      value={value ?? ''}
      delayMs={DELAY_MS}
      onFilter={onChange}
    />
  );
}
