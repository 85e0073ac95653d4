/** The output form that a prompt asks for in words, recognised by the usual phrases. The last one mentioned wins. */
export type RequestedForm =
  | { readonly kind: 'json' }
  | { readonly kind: 'table'; readonly columns: readonly string[] }
  | { readonly kind: 'code'; readonly language: string }
  | { readonly kind: 'choice'; readonly options: readonly [string, ...string[]] }
  | { readonly kind: 'list'; readonly count: number; readonly isNumbered: boolean }
  | { readonly kind: 'number'; readonly from: number; readonly to: number }
  | { readonly kind: 'word' }
  | { readonly kind: 'translation'; readonly language: string }
  | { readonly kind: 'sentences'; readonly count: number }
  | { readonly kind: 'words'; readonly most: number };

const NUMBER_WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const NUMBER = `(?:\\d{1,3}|${NUMBER_WORDS.join('|')})`;
const ANSWER = '(?:answer|respond|reply|return|output|write|give|say)';
const LABEL = '["\'“`]?[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,29}["\'”`]?';
const LABELS = `${LABEL}(?:\\s*(?:,|/|\\|)\\s*${LABEL}){0,11}(?:,?\\s*(?:or|and|/|\\|)\\s*${LABEL})`;
const LISTED =
  'items|ideas|reasons|examples|steps|tips|points|names|options|questions|bullets|bullet points|facts|titles|headlines';

const JSON_WANTED = new RegExp(
  `\\b${ANSWER}\\b[^.\\n]{0,60}\\bJSON\\b|\\bJSON (?:only|object)\\b|\\bonly JSON\\b`,
  'iu',
);
const NO_JSON = /\b(?:not?|never|without|instead of)\b[^.\n]{0,20}\bJSON\b/iu;
const TABLE = /\b(?:as|in|with|into) an? (?:[a-z]+ )?table\b|\bmarkdown table\b/iu;
const COLUMNS = /\bcolumns?(?: are| named)?:? ([^.\n]{1,120})/iu;
const CODE = new RegExp(
  `\\bcode block\\b|\\bcode only\\b|\\b(?:write|give|show)(?: me)? (?:an? |the )?(?:[\\w+#]+ ){0,2}(?:function|script|program|query|class|regex)\\b`,
  'iu',
);
const LANGUAGES = [
  'typescript',
  'javascript',
  'python',
  'sql',
  'bash',
  'go',
  'rust',
  'java',
  'html',
  'css',
  'yaml',
];
const YES_NO = /\byes (?:or|and) no\b|\byes\/no\b/iu;
const ONE_OF = new RegExp(
  `(?:\\b(?:one|either) of(?: these| the following)?(?: labels| words| categories)?|\\b${ANSWER} (?:only )?(?:with |either )+|\\b(?:labels?|categor(?:y|ies)|class(?:es)?)(?: is| are)?:?|\\b(?:classify|sort)\\b[^.\\n]{0,40}\\b(?:as|into)):?\\s*(${LABELS})`,
  'iu',
);
const LIST = new RegExp(
  `\\blist of (?:exactly )?(${NUMBER})\\b|\\b(${NUMBER}) (?:[a-z]+ ){0,2}(?:${LISTED})\\b|\\b(?:list|name|suggest) (?:exactly )?(${NUMBER}) (?!words?\\b|sentences?\\b|lines?\\b|characters?\\b)[a-z-]+`,
  'iu',
);
const ANY_LIST =
  /\b(?:numbered|bullet(?:ed)?(?:[- ]point)?) list\b|\bas (?:a list|bullets|bullet points)\b/iu;
const NUMBERED = /\bnumbered\b|\bsteps\b/iu;
const ONE_NUMBER = new RegExp(
  `\\b${ANSWER}\\b[^.\\n]{0,20}\\b(?:a|one|the|single)(?: whole| single)? number\\b|\\bnumber only\\b|\\bscore (?:it )?(?:from|between)\\b`,
  'iu',
);
const RANGE = /\b(?:from|between) (\d{1,6}) (?:to|and) (\d{1,6})\b/iu;
const ONE_WORD = /\b(?:one|a single|exactly one) word\b/iu;
const TRANSLATION = /\b[Tt]ranslate\b[^.\n]{0,60}?\b(?:in)?to (\p{Lu}\p{L}+)/u;
const SENTENCES = new RegExp(
  `\\b(?:in|at most|exactly|up to|no more than|use|with|write|of) (${NUMBER}) (?:[a-z]+ )?sentences?\\b`,
  'iu',
);
const WORDS =
  /\b(?:at most|under|up to|no more than|fewer than|maximum of|max\.?|in|about) (\d{1,4}) words\b/iu;

/** Undefined: prose of any length. */
export function requestedForm(system: string, prompt: string): RequestedForm | undefined {
  const text = `${system}\n${prompt}`.slice(0, 20_000);
  if (JSON_WANTED.test(text) && !NO_JSON.test(text)) return { kind: 'json' };
  if (TABLE.test(text)) return { kind: 'table', columns: columnsIn(text) };
  if (CODE.test(text)) return { kind: 'code', language: languageIn(text) };
  const options = optionsIn(text);
  if (options !== undefined) return { kind: 'choice', options };
  const listed = LIST.exec(text);
  const count = numberIn(listed?.[1] ?? listed?.[2] ?? listed?.[3]);
  if (count !== undefined && count > 0) return { kind: 'list', count, isNumbered: NUMBERED.test(text) };
  if (ANY_LIST.test(text)) return { kind: 'list', count: 3, isNumbered: NUMBERED.test(text) };
  if (ONE_NUMBER.test(text)) return { kind: 'number', ...rangeIn(text) };
  if (ONE_WORD.test(text)) return { kind: 'word' };
  const language = TRANSLATION.exec(text)?.[1];
  if (language !== undefined) return { kind: 'translation', language };
  const sentences = numberIn(SENTENCES.exec(text)?.[1]);
  if (sentences !== undefined && sentences > 0) return { kind: 'sentences', count: sentences };
  const words = numberIn(WORDS.exec(text)?.[1]);
  return words === undefined || words === 0 ? undefined : { kind: 'words', most: words };
}

function columnsIn(text: string): string[] {
  const named = (COLUMNS.exec(text)?.[1] ?? '').split(/,|\band\b/iu).map((name) => name.trim().slice(0, 40));
  const columns = named.filter((name) => name !== '' && !name.includes('|')).slice(0, 8);
  return columns.length > 1 ? columns : ['Point', 'Finding'];
}

function languageIn(text: string): string {
  return LANGUAGES.find((name) => new RegExp(`\\b${name}\\b`, 'iu').test(text)) ?? 'text';
}

function optionsIn(text: string): readonly [string, ...string[]] | undefined {
  const labels = ONE_OF.exec(text)?.[1];
  if (labels !== undefined) {
    const [first, ...more] = labels
      .split(/\s*(?:,?\s+(?:or|and)\s+|[,/|])\s*/iu)
      .map((label) => label.replaceAll(/^["'“`]|["'”`]$/gu, ''))
      .filter((label) => label !== '');
    if (first !== undefined && more.length > 0) return [first, ...more];
  }
  return YES_NO.test(text) ? ['Yes', 'No'] : undefined;
}

function rangeIn(text: string): { from: number; to: number } {
  const [, low, high] = RANGE.exec(text) ?? [];
  if (low === undefined || high === undefined) return { from: 1, to: 100 };
  return { from: Math.min(Number(low), Number(high)), to: Math.max(Number(low), Number(high)) };
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const word = NUMBER_WORDS.indexOf(text.toLowerCase());
  return word >= 0 ? word + 1 : Number(text);
}
