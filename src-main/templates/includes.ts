import { hash } from 'node:crypto';
import { validationError, type FieldProblem, type Include, type Template } from '../../src-shared/domain';
import { frozenPartial, newestPartial, type PartialOwner, type ReadDb } from '../store';
import { textsOf, type RenderedContent } from './content';
import { compile, partialNames } from './liquid/engine';
import { NO_PARTIALS, type Partials } from './liquid/partial-tag';

/**
 * The partials that content uses, each with the text that counts from now on: the given one, or else the newest.
 * @throws VALIDATION_FAILED naming an unknown partial, an unknown text, or an include that nothing uses; TEMPLATE_SYNTAX
 */
export function freezeIncludes(
  db: ReadDb,
  owner: PartialOwner,
  content: RenderedContent,
  given: readonly Include[],
): Include[] {
  const used = new Map<string, string>();
  for (const { text, path } of textsOf(content)) {
    for (const name of partialNames(text, path)) if (!used.has(name)) used.set(name, path);
  }
  const problems: FieldProblem[] = given.flatMap((include, index) => {
    const path = `includes.${String(index)}`;
    const isRepeated = given.findIndex(({ name }) => name === include.name) < index;
    if (isRepeated) return [{ path: `${path}.name`, message: `"${include.name}" is named twice` }];
    if (!used.has(include.name)) return [{ path: `${path}.name`, message: `no text uses "${include.name}"` }];
    return frozenPartial(db, owner, include) === undefined
      ? [{ path: `${path}.text_sha256`, message: `the partial "${include.name}" never had this text here` }]
      : [];
  });
  const includes = [...used].flatMap(([name, path]): Include[] => {
    const known = given.find((include) => include.name === name);
    const text_sha256 = known?.text_sha256 ?? newestPartial(db, owner, name)?.text_sha256;
    if (text_sha256 !== undefined) return [{ name, text_sha256 }];
    problems.push({ path, message: `there is no partial "${name}" in this workspace` });
    return [];
  });
  if (problems.length > 0) throw validationError(problems);
  return includes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The frozen texts of a template's partials. */
export function partialsOf(db: ReadDb, template: PartialOwner & Pick<Template, 'includes'>): Partials {
  if (template.includes.length === 0) return NO_PARTIALS;
  const texts = template.includes.map((include): [string, string] => {
    const partial = frozenPartial(db, template, include);
    if (partial === undefined) {
      throw validationError([
        {
          path: 'includes',
          message: `the text ${include.text_sha256} of the partial "${include.name}" is not stored here`,
        },
      ]);
    }
    return [include.name, partial.text];
  });
  return { key: hash('sha256', JSON.stringify(template.includes)), texts: new Map(texts) };
}

/** @throws TEMPLATE_SYNTAX, RENDER_LIMIT; VALIDATION_FAILED where the text uses partials itself */
export function assertPartialText(text: string): void {
  const [inner] = partialNames(text, 'text');
  if (inner !== undefined) {
    throw validationError([
      {
        path: 'text',
        message: `uses the partial "${inner}": a partial takes no others, so write its text here`,
      },
    ]);
  }
  compile(text, 'text');
}
