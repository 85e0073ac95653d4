import { IconAlertOctagon, IconCircleCheck, IconCircleDashed, IconLoader2 } from '@tabler/icons-react';
import type { ReviewCase, TextProblem } from '../../../src-shared/domain';
import { Badge, FailureView, jsonLine, useFormat } from '../../ui';
import { failureOf } from '../../rpc';
import { CodeEditor } from '../editor';
import type { LiveCheck } from './use-live-check';
import classes from './review.module.css';

interface CorrectionPaneProps {
  readonly found: ReviewCase;
  readonly text: string;
  readonly check: LiveCheck;
  onText(text: string): void;
}

/** An editor for the corrected output, checked against the template's schema while typing. */
export function CorrectionPane({ found, text, check, onText }: CorrectionPaneProps) {
  const format = useFormat();
  const isTooLong = found.output_text === null && found.output_length > 0;
  return (
    <>
      <p className={classes.hint}>
        {isTooLong ? (
          <>
            The output has {format.count(found.output_length)} characters, too many to edit here. Download it
            and record a correction with <code>prompter review correct</code>.
          </>
        ) : found.proposed_text !== null ? (
          'Repaired from the model’s output. Check it before you accept it.'
        ) : found.output_text === null ? (
          'The answer could not be parsed. Write the correct output, or dismiss the answer.'
        ) : (
          'The model’s output. Edit it until it matches the schema, or dismiss the answer.'
        )}
      </p>
      <CodeEditor
        label="Corrected output"
        language="json"
        value={text}
        placeholder="Corrected output"
        generation={0}
        numbered
        onChange={onText}
      />
      <div className={classes.verdict} role="status" aria-label="Schema check">
        {check.error ? (
          <FailureView inline title="The text could not be checked" {...failureOf(check.error)} />
        ) : text.trim() === '' ? (
          <Badge tone="plain" icon={IconCircleDashed} text="Nothing entered yet" />
        ) : check.valid === true ? (
          <Badge
            tone="good"
            icon={IconCircleCheck}
            text={found.response_schema ? 'Matches the schema' : 'Can be recorded'}
          />
        ) : check.valid === null ? (
          <Badge tone="plain" icon={IconLoader2} text="Checking" />
        ) : (
          <>
            <Badge
              tone="bad"
              icon={IconAlertOctagon}
              text={found.response_schema ? 'Does not match the schema' : 'Cannot be recorded'}
            />
            <ul className={classes.problems}>
              {check.problems.map((problem) => (
                <li key={`${problem.path} ${problem.message}`}>
                  <Place text={text} problem={problem} /> {problem.message}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </>
  );
}

/** A problem's place: its line in the editor and its JSON Pointer. */
function Place({ text, problem }: { readonly text: string; readonly problem: TextProblem }) {
  const format = useFormat();
  const pointer = problem.path.replace(/^corrected_(json|text)/, '');
  // For text that is not JSON, the message names the position.
  const line = problem.offset === null ? jsonLine(text, pointer) : null;
  return (
    <>
      {line !== null && <span className={classes.line}>Line {format.count(line)}</span>}{' '}
      {pointer !== '' && pointer !== '/' && <code>{pointer}</code>}
    </>
  );
}
