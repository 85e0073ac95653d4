import { proseSentences, sentenceAbout } from './answer-text';
import type { Random } from './prng';
import type { RequestedForm } from './requested-form';

export interface Subject {
  /** A few words taken from the prompt. */
  readonly topic: string;
  readonly prompt: string;
  readonly random: Random;
}

/** An answer in a form other than JSON. Follows the form exactly: tone applies to prose only. */
export function formAnswer(form: Exclude<RequestedForm, { kind: 'json' }>, subject: Subject): string {
  const { topic, prompt, random } = subject;
  switch (form.kind) {
    case 'choice':
      return random.pick(form.options);
    case 'word':
      return topic.split(' ').toSorted((a, b) => b.length - a.length)[0] ?? topic;
    case 'number':
      return String(form.from + random.int(form.to - form.from + 1));
    case 'list':
      return Array.from({ length: form.count }, (_, index) => {
        const mark = form.isNumbered ? `${index + 1}.` : '-';
        return `${mark} ${sentenceAbout(topic, random)}`;
      }).join('\n');
    case 'table':
      return tableOf(form.columns, subject);
    case 'code':
      return codeBlock(form.language, topic);
    case 'translation':
      return `[${form.language}] ${prompt.replace(/^[^\n:]*\btranslate\b[^\n:]*:?\s*/iu, '').trim() || topic}`;
    case 'sentences':
      return Array.from({ length: form.count }, () => sentenceAbout(topic, random)).join(' ');
    case 'words': {
      const sentences = proseSentences(topic, random, form.most * 5);
      return withinWords(`${topic}: ${sentences.join(' ')}`, form.most);
    }
  }
}

function tableOf(columns: readonly string[], { topic, random }: Subject): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = [1, 2, 3].map((number) =>
    row(columns.map((_, column) => (column === 0 ? `${topic} ${number}` : sentenceAbout(topic, random)))),
  );
  return [row(columns), row(columns.map(() => '---')), ...rows].join('\n');
}

const COMMENTS: Readonly<Record<string, string>> = {
  python: '#',
  bash: '#',
  yaml: '#',
  sql: '--',
  html: '<!--',
  css: '/*',
};
const ENDS: Readonly<Record<string, string>> = { html: ' -->', css: ' */' };

function codeBlock(language: string, topic: string): string {
  const mark = COMMENTS[language] ?? '//';
  const comment = (text: string) => `${mark} ${text}${ENDS[language] ?? ''}`;
  return [
    `\`\`\`${language}`,
    comment(topic),
    comment('A practice answer: the code would stand here.'),
    '```',
  ].join('\n');
}

/** The text up to the last word that fits, with closing punctuation. */
function withinWords(text: string, most: number): string {
  const words = text.split(' ');
  return words.length <= most
    ? text
    : `${words
        .slice(0, most)
        .join(' ')
        .replace(/[,;:.]$/, '')}.`;
}
