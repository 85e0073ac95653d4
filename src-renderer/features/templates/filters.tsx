import { Checkbox, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../rpc';
import type { PromptsSearch } from './search';
import classes from './templates.module.css';

interface FiltersProps {
  readonly search: PromptsSearch;
  onChange(changes: Partial<PromptsSearch>): void;
}

const FACETS = [
  { name: 'label', of: 'labels', words: 'Label' },
  { name: 'tag', of: 'tags', words: 'Tag' },
  { name: 'model', of: 'models', words: 'Model' },
] as const;

/** What prompts can be filtered by. The choices are those that some prompt has, and whatever the address asks for. */
export function Filters({ search, onChange }: FiltersProps) {
  const { data } = useQuery(
    orpc.prompts.facets.queryOptions({
      input: search.workspace === undefined ? {} : { workspace_id: search.workspace },
    }),
  );
  return (
    <div className={classes.filters} role="group" aria-label="Filters">
      {FACETS.map(({ name, of, words }) => {
        const value = search[name] ?? null;
        const known = (data?.[of] ?? []).map((facet) => facet.value);
        if (known.length === 0 && value === null) return null;
        return (
          <Select
            key={name}
            className={classes.facet}
            size="xs"
            aria-label={words}
            placeholder={words}
            clearable
            searchable
            data-active={value !== null || undefined}
            data={value === null || known.includes(value) ? known : [value, ...known]}
            value={value}
            onChange={(chosen) => onChange({ [name]: chosen ?? undefined })}
          />
        );
      })}
      <Checkbox
        size="xs"
        label="Archived"
        checked={search.archived ?? false}
        onChange={() => onChange({ archived: search.archived ? undefined : true })}
      />
      <Checkbox
        size="xs"
        label="Inactive"
        checked={search.inactive ?? false}
        onChange={() => onChange({ inactive: search.inactive ? undefined : true })}
      />
    </div>
  );
}
