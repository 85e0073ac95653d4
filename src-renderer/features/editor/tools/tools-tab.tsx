import { ActionIcon, Button, NativeSelect, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { Note, Section } from '../../../ui';
import { CodeEditor } from '../code-editor';
import { choiceOptions, newTool, parametersProblem, toolNameProblem, type DraftTool } from '../draft-tools';
import { setField, useEditor, useEditorStore, useField, type EditorStore } from '../draft-store';
import { readJsonObject } from '../read-json-object';
import { SchemaForm } from './schema-form';
import classes from './tools.module.css';

/** The functions that a model may ask to be called. */
export function ToolsTab() {
  const store = useEditorStore();
  const tools = useEditor((state) => state.draft.tools);
  const choice = useField('tool_choice');
  const added = useRef<string>(undefined);
  return (
    <Section
      title={tools.length === 0 ? 'Tools' : `Tools (${String(tools.length)})`}
      actions={
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => {
            const tool = newTool({ parameters: EMPTY_PARAMETERS });
            added.current = tool.key;
            setField(store, 'tools', [...tools, tool]);
          }}
        >
          Add tool
        </Button>
      }
    >
      {tools.length === 0 ? (
        <Note>
          None. A tool is a function that the model can ask to be called; Prompter records the call.
        </Note>
      ) : (
        <Select
          className={classes.choice}
          label="Tool choice"
          data={choiceOptions(tools)}
          value={choice.value}
          error={
            choice.error ??
            (choiceOptions(tools).some(({ value }) => value === choice.value)
              ? undefined
              : 'The chosen tool is gone: choose again.')
          }
          allowDeselect={false}
          onChange={(value) => choice.set(value ?? 'auto')}
        />
      )}
      {tools.map((tool, index) => (
        <ToolFields key={tool.key} tool={tool} index={index} takesFocus={added.current === tool.key} />
      ))}
    </Section>
  );
}

const EMPTY_PARAMETERS = JSON.stringify(
  { type: 'object', properties: {}, required: [], additionalProperties: false },
  null,
  2,
);

function editTool(store: EditorStore, key: string, fields: Partial<DraftTool>): void {
  const { tools } = store.getState().draft;
  setField(
    store,
    'tools',
    tools.map((tool) => (tool.key === key ? { ...tool, ...fields } : tool)),
  );
}

interface ToolFieldsProps {
  readonly tool: DraftTool;
  readonly index: number;
  readonly takesFocus: boolean;
}

function ToolFields({ tool, index, takesFocus }: ToolFieldsProps) {
  const store = useEditorStore();
  const generation = useEditor((state) => state.generation);
  const errorAt = (field: string) => `tools.${String(index)}.${field}`;
  const nameError = useEditor((state) => state.fieldErrors[errorAt('name')]);
  const descriptionError = useEditor((state) => state.fieldErrors[errorAt('description')]);
  const storedProblem = useEditor((state) => state.fieldErrors[errorAt('parameters')]);
  const { key } = tool;
  const name = tool.name || `tool ${String(index + 1)}`;
  const problem = parametersProblem(tool.parameters) ?? storedProblem;
  const parameters = readJsonObject(tool.parameters);
  return (
    <section className={classes.tool} aria-label={`Tool ${String(index + 1)}`}>
      <div className={classes.line}>
        <TextInput
          className={classes.name}
          label="Name"
          placeholder="find_order"
          data-autofocus={takesFocus || undefined}
          autoFocus={takesFocus}
          value={tool.name}
          error={(tool.name === '' ? undefined : toolNameProblem(tool.name)) ?? nameError}
          onChange={({ currentTarget: { value } }) => editTool(store, key, { name: value })}
        />
        <NativeSelect
          label="Strict"
          data={[...STRICT]}
          value={tool.strict === null ? '' : String(tool.strict)}
          onChange={({ currentTarget: { value } }) =>
            editTool(store, key, { strict: value === '' ? null : value === 'true' })
          }
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove ${name}`}
          onClick={() =>
            setField(
              store,
              'tools',
              store.getState().draft.tools.filter((each) => each.key !== key),
            )
          }
        >
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      </div>
      <Textarea
        label="Description"
        placeholder="What it does, and when to call it."
        autosize
        minRows={1}
        maxRows={8}
        value={tool.description}
        error={descriptionError}
        onChange={({ currentTarget: { value } }) => editTool(store, key, { description: value })}
      />
      <div className={classes.schema}>
        <div>
          <span className={classes.caption}>Parameters, as JSON Schema</span>
          <div className={classes.json}>
            <CodeEditor
              label={`Parameters of ${name}`}
              language="json"
              placeholder="Empty: the tool takes none."
              value={tool.parameters}
              generation={generation}
              onChange={(text) => editTool(store, key, { parameters: text })}
            />
          </div>
          <p className={classes.state} role="status">
            {problem && <span className={classes.problem}>{problem}</span>}
          </p>
        </div>
        {parameters.ok && parameters.value !== null && problem === undefined && (
          <SchemaForm schema={parameters.value} name={name} />
        )}
      </div>
    </section>
  );
}

const STRICT = [
  { value: '', label: 'Provider’s default' },
  { value: 'true', label: 'Strict' },
  { value: 'false', label: 'Not strict' },
] as const;
