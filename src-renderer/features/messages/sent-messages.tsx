import type { SentMessage } from '../../../src-shared/domain';
import { JsonBlock, TextBlock } from '../../ui';
import { Attachment, type AskedModel } from './attachment';
import classes from './messages.module.css';

const ROLE_NAMES = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool result' } as const;

interface Props {
  readonly messages: readonly SentMessage[];
  readonly asked: AskedModel | null;
  /** Completes the name of each part, where several prompts are on one page: ` of v2`. */
  readonly of?: string;
}

/** The messages exactly as they are sent. */
export function SentMessages({ messages, asked, of = '' }: Props) {
  return messages.map((message, index) => {
    const name = ROLE_NAMES[message.role];
    // A list that is rendered anew as a whole: nothing but the place tells its messages apart.
    const key = `${String(index)} ${message.role}`;
    return (
      <section key={key} aria-label={`${name}, message ${String(index + 1)}${of}`}>
        <h3 className={classes.role}>
          {name}
          {message.role === 'tool' && ` of ${message.tool_call_id}`}
        </h3>
        <Content message={message} label={`${labelOf(message, index)}${of}`} asked={asked} />
        {message.role === 'assistant' && message.tool_calls && (
          <JsonBlock value={message.tool_calls} label={`Tool calls of message ${String(index + 1)}${of}`} />
        )}
      </section>
    );
  });
}

function labelOf({ role }: SentMessage, index: number): string {
  return `Rendered ${role} message ${String(index + 1)}`;
}

interface ContentProps extends Pick<Props, 'asked'> {
  readonly message: SentMessage;
  readonly label: string;
}

function Content({ message: { content }, label, asked }: ContentProps) {
  if (typeof content === 'string')
    return content === '' ? null : <TextBlock text={content} label={label} mono />;
  return content.map((part, index) => {
    const name = `${label}, part ${String(index + 1)}`;
    return part.type === 'text' ? (
      <TextBlock key={name} text={part.text} label={name} mono />
    ) : (
      <div key={name} className={classes.sentFile} role="group" aria-label={name}>
        <Attachment part={part} label={name} asked={asked} />
      </div>
    );
  });
}
