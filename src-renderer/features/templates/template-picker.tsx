import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orpc } from '../../rpc';
import { templateLabel } from './names/template-label';

interface TemplatePickerProps {
  readonly value: string | null;
  /** Label of the chosen template (`templateLabel`), which the search may not have found. */
  readonly name: string | null;
  onChange(templateId: string): void;
  /** Given if the choice is optional: clears it. */
  onClear?(): void;
}

/** Searches the store for a template: there may be a hundred thousand. */
export function TemplatePicker({ value, name, onChange, onClear }: TemplatePickerProps) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed === name ? '' : typed, 60);
  const { data } = useQuery(orpc.templates.list.queryOptions({ input: { limit: 30, ...(q && { q }) } }));
  const found = (data?.items ?? []).map((template) => ({
    value: template.template_id,
    label: templateLabel(template),
  }));
  const chosen = value && name && !found.some((option) => option.value === value);
  return (
    <Select
      {...(onClear
        ? { 'aria-label': 'Filter by template', placeholder: 'Any template', clearable: true }
        : { label: 'Template', placeholder: 'Search by name or text' })}
      searchable
      nothingFoundMessage="No template matches"
      // The core has already searched; filtering by label again would drop matches in the text.
      filter={({ options }) => options}
      data={chosen ? [{ value, label: name }, ...found] : found}
      value={value}
      onSearchChange={setTyped}
      onChange={(templateId) => (templateId === null ? onClear?.() : onChange(templateId))}
    />
  );
}
