import { Section } from '../../ui';
import { CodeEditor } from './code-editor';
import { readJsonObject } from './draft';
import { useEditor, useField } from './draft-store';
import classes from './editor.module.css';

export function ParametersTab() {
  return (
    <>
      <Section title="Inference parameters">
        <JsonField
          field="inference_params"
          label="Inference parameters"
          hint={'{\n  "temperature": 0.2,\n  "max_tokens": 400\n}'}
        />
      </Section>
      <Section title="Response schema">
        <JsonField
          field="response_schema"
          label="Response schema"
          hint={'{\n  "type": "object",\n  "properties": { … }\n}'}
        />
      </Section>
    </>
  );
}

interface JsonFieldProps {
  readonly field: 'inference_params' | 'response_schema';
  readonly label: string;
  readonly hint: string;
}

function JsonField({ field, label, hint }: JsonFieldProps) {
  const { value, error, set } = useField(field);
  const generation = useEditor((state) => state.generation);
  const read = readJsonObject(value);
  const problem = read.ok ? error : read.message;
  return (
    <>
      <div className={classes.json}>
        <CodeEditor
          label={label}
          language="json"
          placeholder={hint}
          value={value}
          generation={generation}
          onChange={set}
        />
      </div>
      <p className={classes.fieldState} role="status">
        {problem ? <span className={classes.problem}>{problem}</span> : 'JSON; empty means none.'}
      </p>
    </>
  );
}
