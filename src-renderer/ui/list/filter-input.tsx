import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState, type Ref } from 'react';

interface FilterInputProps extends Omit<TextInputProps, 'value' | 'defaultValue' | 'onChange' | 'ref'> {
  /** What counts now, as the address has it. */
  readonly value: string;
  /** How long typing rests before it counts. */
  readonly delayMs: number;
  onFilter(text: string | undefined): void;
  readonly input?: Ref<HTMLInputElement>;
}

/** A field that narrows a list: what is typed counts a moment later, and a change made elsewhere shows in it. */
export function FilterInput({ value, delayMs, onFilter, input, ...field }: FilterInputProps) {
  const [text, setText] = useState(value);
  const known = useRef(value);
  const filter = useDebouncedCallback((typed: string) => {
    known.current = typed;
    onFilter(typed || undefined);
  }, delayMs);
  useEffect(() => {
    // Its own words come back through the address as well: typing has gone on meanwhile.
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
