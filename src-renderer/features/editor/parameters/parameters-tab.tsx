import { useState } from 'react';
import { parameterRules, schemaFault } from '../../../../src-shared/domain';
import { Note, Section } from '../../../ui';
import { CodeEditor } from '../code-editor';
import { useEditor, useField } from '../draft-store';
import { readJsonObject } from '../read-json-object';
import { TypedParameters } from './typed-parameters';
import classes from '../editor.module.css';

export function ParametersTab() {
  return (
    <>
      <Section title="Inference parameters">
        <Parameters />
      </Section>
      <Section title="Response schema">
        <ResponseSchema />
      </Section>
    </>
  );
}

/** Typed fields for what the model is known to take, and the JSON of all of them beside. */
function Parameters() {
  const { value, error, set } = useField('inference_params');
  const generation = useEditor((state) => state.generation);
  const protocol = useEditor((state) => state.protocol);
  const model = useEditor((state) => state.draft.model_id);
  const [edits, setEdits] = useState(0);
  const read = readJsonObject(value);
  const params = read.ok ? (read.value ?? {}) : null;
  return (
    <>
      {protocol === null ? (
        <Note small>Choose a model to see what it takes.</Note>
      ) : params === null ? (
        <Note small>Mend the JSON to edit single parameters.</Note>
      ) : (
        <TypedParameters
          // Fields keep what is typed until they are left; another text of the draft replaces it.
          key={`${String(generation)} ${protocol} ${model}`}
          params={params}
          rules={parameterRules(protocol, model, params)}
          onChange={(next) => {
            set(Object.keys(next).length === 0 ? '' : JSON.stringify(next, null, 2));
            setEdits((count) => count + 1);
          }}
        />
      )}
      <JsonEditor
        label="Inference parameters"
        caption="Advanced: all parameters as JSON, sent as they are. Empty means none."
        hint={'{\n  "temperature": 0.2,\n  "max_tokens": 400\n}'}
        value={value}
        // The fields above write the JSON; the editor then shows it.
        generation={generation * 10_000 + edits}
        problem={read.ok ? error : read.message}
        onChange={set}
      />
    </>
  );
}

function ResponseSchema() {
  const { value, error, set } = useField('response_schema');
  const generation = useEditor((state) => state.generation);
  const read = readJsonObject(value);
  const fault = read.ok && read.value !== null ? schemaFault(read.value) : null;
  const problem = !read.ok
    ? read.message
    : fault === null
      ? error
      : `${fault.pointer || 'The schema'} ${fault.message}.`;
  return (
    <JsonEditor
      label="Response schema"
      caption="JSON Schema; empty means none."
      hint={'{\n  "type": "object",\n  "properties": { … }\n}'}
      value={value}
      generation={generation}
      problem={problem}
      onChange={set}
    />
  );
}

interface JsonEditorProps {
  readonly label: string;
  readonly caption: string;
  readonly hint: string;
  readonly value: string;
  readonly generation: number;
  readonly problem: string | undefined;
  onChange(value: string): void;
}

function JsonEditor({ label, caption, hint, value, generation, problem, onChange }: JsonEditorProps) {
  return (
    <>
      <div className={classes.json} data-invalid={problem !== undefined || undefined}>
        <CodeEditor
          label={label}
          language="json"
          placeholder={hint}
          value={value}
          generation={generation}
          onChange={onChange}
        />
      </div>
      <p className={classes.fieldState} role="status">
        {problem === undefined ? caption : <span className={classes.problem}>{problem}</span>}
      </p>
    </>
  );
}
