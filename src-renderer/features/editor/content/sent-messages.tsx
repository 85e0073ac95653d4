import type { SentMessage } from '../../../../src-shared/domain';
import { JsonBlock, TextBlock } from '../../../ui';
import { Attachment } from './attachment';
import classes from '../editor.module.css';

const ROLE_NAMES = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool result' } as const;

/** The messages exactly as they are sent. */
export function SentMessages({ messages }: { readonly messages: readonly SentMessage[] }) {
  return messages.map((message, index) => {
    const name = ROLE_NAMES[message.role];
    // A list that is rendered anew as a whole: nothing but the place tells its messages apart.
    const key = `${String(index)} ${message.role}`;
    return (
      <section key={key} aria-label={`${name}, message ${String(index + 1)}`}>
        <h3 className={classes.role}>
          {name}
          {message.role === 'tool' && ` of ${message.tool_call_id}`}
        </h3>
        <Content message={message} label={labelOf(message, index)} />
        {message.role === 'assistant' && message.tool_calls && (
          <JsonBlock value={message.tool_calls} label={`Tool calls of message ${String(index + 1)}`} />
        )}
      </section>
    );
  });
}

function labelOf({ role }: SentMessage, index: number): string {
  return `Rendered ${role} message ${String(index + 1)}`;
}

function Content({ message: { content }, label }: { readonly message: SentMessage; readonly label: string }) {
  if (typeof content === 'string')
    return content === '' ? null : <TextBlock text={content} label={label} mono />;
  return content.map((part, index) => {
    const name = `${label}, part ${String(index + 1)}`;
    return part.type === 'text' ? (
      <TextBlock key={name} text={part.text} label={name} mono />
    ) : (
      <div key={name} className={classes.sentFile} role="group" aria-label={name}>
        <Attachment part={part} label={name} />
      </div>
    );
  });
}
