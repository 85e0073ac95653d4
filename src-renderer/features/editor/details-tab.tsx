import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { GROUNDING_MODES, templateTitle } from '../../../src-shared/domain';
import { useEditor, useField, type EditorState } from './draft-store';
import classes from './editor.module.css';

type Draft = EditorState['draft'];
type TextField = Exclude<
  { [Field in keyof Draft]: Draft[Field] extends string ? Field : never }[keyof Draft],
  'grounding_mode'
>;

/** The template's other fields. */
export function DetailsTab() {
  const grounding = useField('grounding_mode');
  const als = useField('als');
  const fork = useField('fork');
  const base = useEditor((state) => state.base);
  return (
    <div className={classes.form}>
      <Text
        field="message"
        label="What changed"
        description="Like a commit message; not part of the hash."
        area
      />
      {base && (
        <Switch
          label="Fork: freeze as a prompt of its own"
          description={`It begins at v1 and says that it comes from ${templateTitle(base)}. Give it a name of its own.`}
          checked={fork.value}
          onChange={(event) => fork.set(event.currentTarget.checked)}
        />
      )}
      <Text field="description" label="Description" area />
      <Text field="workspace_id" label="Workspace" />
      <Select
        label="Grounding"
        data={[...GROUNDING_MODES]}
        value={grounding.value}
        error={grounding.error}
        onChange={(value) => grounding.set(GROUNDING_MODES.find((mode) => mode === value) ?? 'none')}
      />
      <Text
        field="country_set"
        label="Countries"
        description="Codes, separated by commas."
        placeholder="DE, US"
      />
      <Switch
        label="Ambient location signal"
        checked={als.value}
        onChange={(event) => als.set(event.currentTarget.checked)}
      />
      <Text
        field="model_version_constraint"
        label="Model version pin"
        description="Runs are refused when another version answers."
      />
      <Text field="fingerprint_allowlist" label="Allowed fingerprints" description="One per line." area />
    </div>
  );
}

interface TextProps {
  readonly field: TextField;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly area?: boolean;
}

function Text({ field, area = false, ...input }: TextProps) {
  const { value, error, set } = useField(field);
  const shared = {
    ...input,
    value,
    error,
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  return area ? <Textarea autosize minRows={2} maxRows={8} {...shared} /> : <TextInput {...shared} />;
}
