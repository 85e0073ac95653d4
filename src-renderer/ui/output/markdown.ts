import { lexer, type MarkedToken, type Token } from 'marked';

/** A longer text is not read as Markdown: what a hostile one costs grows faster than it does. */
export const MARKDOWN_CHARS = 20_000;

/** Deeper nesting than anybody writes is shown as it was sent. */
const DEPTH = 30;

/**
 * Marks that begin a line, or that only Markdown puts around words. Bounded: an endless run of brackets would otherwise be
 * looked at once for each of them.
 */
const MARKS =
  /^ {0,3}(#{1,6} |[-*+] |\d{1,3}[.)] |> |```|\|.+\|)|\*\*\S|`[^`\n]{1,200}`|\[[^\]\n]{1,200}\]\(/m;

/** Whether a text looks as if it was written as Markdown. */
export function mayBeMarkdown(text: string): boolean {
  return text.length <= MARKDOWN_CHARS && MARKS.test(text);
}

/**
 * A piece of a text by what it is. Nothing of it is more than text: HTML stays as it is written, an image is its words, a
 * link shows where it leads and leads nowhere.
 */
export type MarkdownPart =
  | { readonly kind: 'text' | 'code' | 'fence'; readonly text: string }
  | {
      readonly kind: 'paragraph' | 'quote' | 'strong' | 'em' | 'del' | 'run';
      readonly parts: readonly MarkdownPart[];
    }
  | { readonly kind: 'heading'; readonly depth: number; readonly parts: readonly MarkdownPart[] }
  | {
      readonly kind: 'list';
      readonly start: number | null;
      readonly items: readonly (readonly MarkdownPart[])[];
    }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly MarkdownPart[])[])[] }
  | { readonly kind: 'rule' | 'break' };

/** A text read as Markdown (GFM), top to bottom. */
export function readMarkdown(text: string): readonly MarkdownPart[] {
  try {
    return partsOf(lexer(text, { gfm: true }), 0);
  } catch {
    // The reader recurses: thousands of nested quotes are too deep for its stack. Such a text is shown as it was sent.
    return [{ kind: 'text', text }];
  }
}

function partsOf(tokens: readonly Token[], depth: number): MarkdownPart[] {
  if (depth > DEPTH) return [{ kind: 'text', text: tokens.map(({ raw }) => raw).join('') }];
  const inner = (of: readonly Token[] = []): MarkdownPart[] => partsOf(of, depth + 1);
  return tokens.flatMap((token) => (isMarked(token) ? partOf(token, inner) : [asSent(token)]));
}

type Inner = (tokens?: readonly Token[]) => MarkdownPart[];

function partOf(token: MarkedToken, inner: Inner): MarkdownPart[] {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', depth: token.depth, parts: inner(token.tokens) }];
    case 'paragraph':
      return [{ kind: 'paragraph', parts: inner(token.tokens) }];
    case 'blockquote':
      return [{ kind: 'quote', parts: inner(token.tokens) }];
    case 'strong':
    case 'em':
    case 'del':
      return [{ kind: token.type, parts: inner(token.tokens) }];
    case 'code':
      return [{ kind: 'fence', text: token.text }];
    case 'codespan':
      return [{ kind: 'code', text: token.text }];
    case 'escape':
      return [{ kind: 'text', text: token.text }];
    case 'text':
      return token.tokens
        ? [{ kind: 'run', parts: inner(token.tokens) }]
        : [{ kind: 'text', text: token.text }];
    case 'link':
      return token.href === token.text
        ? [{ kind: 'text', text: token.text }]
        : [
            ...inner(token.tokens),
            { kind: 'text', text: ` (${[token.href, token.title].filter(Boolean).join(', ')})` },
          ];
    case 'list':
      return [
        {
          kind: 'list',
          start: token.ordered ? Number(token.start) : null,
          items: token.items.map((item) => inner(item.tokens)),
        },
      ];
    case 'checkbox':
      return [{ kind: 'text', text: token.checked ? '☑ ' : '☐ ' }];
    case 'table':
      return [
        {
          kind: 'table',
          rows: [token.header, ...token.rows].map((row) => row.map((cell) => inner(cell.tokens))),
        },
      ];
    case 'hr':
      return [{ kind: 'rule' }];
    case 'br':
      return [{ kind: 'break' }];
    case 'space':
      return [];
    // An image would be fetched, and HTML run: both are shown as they were sent, and so are definitions.
    case 'image':
    case 'html':
    case 'def':
    case 'list_item':
      return [asSent(token)];
  }
}

const asSent = ({ raw }: Pick<Token, 'raw'>): MarkdownPart => ({ kind: 'text', text: raw });

const MARKED: ReadonlySet<string> = new Set<MarkedToken['type']>([
  'blockquote',
  'br',
  'checkbox',
  'code',
  'codespan',
  'def',
  'del',
  'em',
  'escape',
  'heading',
  'hr',
  'html',
  'image',
  'link',
  'list',
  'list_item',
  'paragraph',
  'space',
  'strong',
  'table',
  'text',
]);

/** Not of an extension's kind: none is used. */
function isMarked(token: Token): token is MarkedToken {
  return MARKED.has(token.type);
}
