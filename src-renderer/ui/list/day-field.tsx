import { TextInput } from '@mantine/core';

/** The last day a field accepts: years have four digits, and the day after must be representable too. */
const LAST_DAY = '9999-12-30';

interface DayFieldProps {
  readonly which: 'From' | 'To';
  /** Accessible name. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly value: string | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly error?: boolean;
  onChange(day: string | undefined): void;
}

/** One end of a range of days. */
export function DayField({ which, label, value, max = LAST_DAY, onChange, ...field }: DayFieldProps) {
  return (
    <TextInput
      {...field}
      type="date"
      aria-label={label}
      leftSection={which}
      leftSectionWidth={which === 'From' ? 46 : 30}
      max={max}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
