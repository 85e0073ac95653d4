import { useCommands } from '../../commands';
import { useFormat } from '../../ui';
import { CodeEditor } from './code-editor';
import { setField, useEditor, useEditorStore, type EditorStore } from './draft-store';
import { FileDrop } from './content/file-drop';
import { PartialsDialog } from './content/partials-dialog';
import { AddBar, MessageBlocks } from './messages/message-blocks';
import { addBlock, focusBlock } from './messages/message-edits';
import { inWords } from './text-problem';
import classes from './editor.module.css';

type PromptField = 'system_instructions' | 'user_prompt_template';

/** Two texts, or the blocks of a conversation that is more. */
export function PromptEditors() {
  const isBlocks = useEditor((state) => state.draft.messages !== null);
  return (
    <FileDrop>
      {isBlocks ? <MessageBlocks /> : <TwoTexts />}
      <PartialsDialog />
    </FileDrop>
  );
}

function TwoTexts() {
  const store = useEditorStore();
  useCommands({ 'message.add': () => focusBlock(store, addBlock(store, null)) });
  return (
    <>
      <Prompt
        field="system_instructions"
        title="System"
        hint="You are … Write what stays the same; {{ variables }} work here too."
      />
      <Prompt
        field="user_prompt_template"
        title="User"
        hint="Ask here. Write {{ variable }} for what changes from input to input."
      />
      <AddBar />
    </>
  );
}

interface PromptProps {
  readonly field: PromptField;
  readonly title: string;
  readonly hint: string;
}

function Prompt({ field, title, hint }: PromptProps) {
  const store = useEditorStore();
  const generation = useEditor((state) => state.generation);
  const error = useEditor((state) => state.fieldErrors[field]);
  const problem = useEditor((state) => (state.textProblem?.field === field ? state.textProblem : null));
  return (
    <section className={classes.prompt}>
      <div className={classes.promptBar}>
        <h2>{title}</h2>
        <span className={classes.problem} role="status">
          {problem ? inWords(problem) : error}
        </span>
        <Length field={field} />
      </div>
      <CodeEditor
        label={title}
        language="liquid"
        placeholder={hint}
        value={initialValue(store, field)}
        generation={generation}
        problem={problem}
        onChange={(value) => setField(store, field, value)}
      />
    </section>
  );
}

/** The editor owns its text while typing, so this component need not re-render at each keystroke. */
function initialValue(store: EditorStore, field: PromptField): string {
  return store.getState().draft[field];
}

function Length({ field }: { readonly field: PromptField }) {
  const length = useEditor((state) => state.draft[field].length);
  const format = useFormat();
  return <span className={classes.length}>{format.plural(length, 'character', 'characters')}</span>;
}
