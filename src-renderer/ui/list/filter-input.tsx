import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState, type Ref } from 'react';

interface FilterInputProps extends Omit<TextInputProps, 'value' | 'defaultValue' | 'onChange' | 'ref'> {
  /** The current filter, from the address. */
  readonly value: string;
  /** How long typing must pause before it takes effect. */
  readonly delayMs: number;
  onFilter(text: string | undefined): void;
  readonly input?: Ref<HTMLInputElement>;
}

/** A filter field with a debounce that also follows changes made elsewhere. */
export function FilterInput({ value, delayMs, onFilter, input, ...field }: FilterInputProps) {
  const [text, setText] = useState(value);
  const known = useRef(value);
  const filter = useDebouncedCallback((typed: string) => {
    known.current = typed;
    onFilter(typed || undefined);
  }, delayMs);
  useEffect(() => {
    // The field's own value comes back through the address while typing goes on; ignore it.
    if (value === known.current) return;
    known.current = value;
    filter.cancel();
    setText(value);
  }, [value, filter]);
  return (
    <TextInput
      {...field}
      ref={input}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        filter(event.currentTarget.value.trim());
      }}
    />
  );
}
