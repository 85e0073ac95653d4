import { lexer, type MarkedToken, type Token } from 'marked';

/** Longer text is not parsed as Markdown: a hostile one costs more than linear time. */
export const MARKDOWN_CHARS = 20_000;

/** Deeper nesting, which nobody writes, is shown as sent. */
const DEPTH = 30;

/**
 * Marks at the start of a line, or that only Markdown puts around words. Bounded, since an endless run of brackets
 * would otherwise be rescanned from each of them.
 */
const MARKS =
  /^ {0,3}(#{1,6} |[-*+] |\d{1,3}[.)] |> |```|\|.+\|)|\*\*\S|`[^`\n]{1,200}`|\[[^\]\n]{1,200}\]\(/m;

export function mayBeMarkdown(text: string): boolean {
  return text.length <= MARKDOWN_CHARS && MARKS.test(text);
}

/**
 * A piece of Markdown. All of it is inert: HTML and images stay as written, and a link shows its address without being
 * clickable.
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

/** Parses a text as Markdown (GFM). */
export function readMarkdown(text: string): readonly MarkdownPart[] {
  try {
    return partsOf(lexer(text, { gfm: true }), 0);
  } catch {
    // The parser recurses, and thousands of nested quotes overflow its stack. Such text is shown as sent.
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
    // An image would be fetched and HTML would run, so both are shown as sent, as are definitions.
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

/** No extensions are used, so every token is of a built-in kind. */
function isMarked(token: Token): token is MarkedToken {
  return MARKED.has(token.type);
}
