import { Textarea } from '@mantine/core';
import { memo } from 'react';
import { FileValue } from './content/file-value';
import { setFixture, useEditorStore } from './draft-store';

interface ValueFieldProps {
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly takesFile: boolean;
}

/**
 * The value to try for a variable. It renders only when something about it changes: a field that grows with its text
 * measures the page, and a long conversation has many of them beside the text being typed.
 */
export const ValueField = memo(function ValueField({ name, value, takesFile, ...shown }: ValueFieldProps) {
  const store = useEditorStore();
  return (
    <div>
      <Textarea
        {...shown}
        autosize
        minRows={1}
        maxRows={6}
        value={value}
        onChange={(event) => setFixture(store, name, event.currentTarget.value)}
      />
      {takesFile && <FileValue name={name} />}
    </div>
  );
});
