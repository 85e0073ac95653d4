import { posix } from 'node:path';

/** A project's files: a text by each path, as far as it is read, and every other path that there is. */
export interface Documents {
  readonly texts: ReadonlyMap<string, string>;
  readonly exists: (path: string) => boolean;
}

/** `docs/canonical.md#numbers` in a comment or in prose. Not the tail of a URL. */
const CITATION = /(?<![\w./:-])((?:\.{1,2}\/)*[\w.-]+(?:\/[\w.-]+)*\.md)(?:#([\w-]+))?/g;
/** A comment's own part of a line. */
const COMMENT = /(?:^\s*\*|\/\*|(?:^|\s)\/\/) .*$/;
/** `(NAME`, then a comma or a colon: how a comment would cite a document without saying that it is a file. */
const BARE_NAME = /\(([A-Z]{4,})[,:] (?![A-Z]{2})[A-Za-z]/g;
/** Names of things outside the project that comments cite in the same way. */
const OUTSIDE: ReadonlySet<string> = new Set(['HTML', 'OWASP']);
const LINK = /\]\(([^()\s]+)\)/g;
/** A path in code marks, whole and without a gap to be filled in. */
const PATH = /`((?:src-(?:main|shared|renderer)|test|scripts|migrations|resources)\/[\w./-]+)`/g;
/** What a command writes and nobody commits. */
const GENERATED: ReadonlySet<string> = new Set(['test/bench/results.json']);

/** Everything that is cited, linked or named and is not there, each with its place. */
export function brokenCitations({ texts, exists }: Documents): string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (path: string): ReadonlySet<string> => {
    const known = anchors.get(path) ?? anchorsIn(texts.get(path) ?? '');
    anchors.set(path, known);
    return known;
  };
  const problemOf = (candidates: readonly string[], anchor: string | undefined): string | null => {
    const path = candidates.find((candidate) => exists(candidate));
    if (path === undefined) return 'there is no such file';
    if (anchor === undefined || anchor === '' || anchorsOf(path).has(anchor)) return null;
    return `${path} has no section "${anchor}"`;
  };

  const problems: string[] = [];
  for (const [file, text] of texts) {
    const isMarkdown = file.endsWith('.md');
    for (const [index, line] of text.split('\n').entries()) {
      const report = (cited: string, problem: string | null): void => {
        if (problem !== null) problems.push(`${file}:${index + 1}: ${cited}: ${problem}`);
      };
      const links = isMarkdown ? [...line.matchAll(LINK)] : [];
      for (const [, target = ''] of links) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = '', anchor] = target.split('#');
        report(target, problemOf([path === '' ? file : beside(file, path)], anchor));
      }
      const prose = isMarkdown ? line.replaceAll(LINK, ']') : line;
      for (const [cited, path = '', anchor] of prose.matchAll(CITATION)) {
        report(cited, problemOf([path, beside(file, path)], anchor));
      }
      if (!isMarkdown) {
        for (const [, name = ''] of (COMMENT.exec(line)?.[0] ?? '').matchAll(BARE_NAME)) {
          if (!OUTSIDE.has(name)) report(name, 'cite a document as a file, such as docs/records.md');
        }
      } else {
        for (const [, path = ''] of prose.matchAll(PATH)) {
          if (!GENERATED.has(path)) report(path, problemOf([path.replace(/\/$/, '')], undefined));
        }
      }
    }
  }
  return problems;
}

function beside(file: string, path: string): string {
  return posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, '');
}

/** The anchors that a renderer gives to headings: lower case, without punctuation, a dash for each space. */
function anchorsIn(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of markdown.matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
