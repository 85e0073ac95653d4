/**
 * Documents that are edited: a template by its id; a new one as `new`, or as `new:` and an id of its own, so that several
 * can be open at once.
 */
const NEW = 'new';

/** The document of an address: `/templates/new`, with or without the id of its draft. */
export function newDocIdOf(draft: string | undefined): string {
  return draft === undefined ? NEW : `${NEW}:${draft}`;
}

/** A document for a new template: the plain one, unless that has a draft. */
export function freshDocId(drafts: readonly { readonly docId: string }[]): string {
  return drafts.some(({ docId }) => docId === NEW) ? anotherNewDocId() : NEW;
}

export function anotherNewDocId(): string {
  // Begins with a letter: an address quotes what reads as a number.
  return newDocIdOf(`d${crypto.randomUUID().slice(0, 8)}`);
}

/** Where a document is edited. */
export function draftAddress(docId: string) {
  if (docId === NEW || docId.startsWith(`${NEW}:`)) {
    const draft = docId.slice(NEW.length + 1);
    return { to: '/templates/new' as const, search: draft === '' ? {} : { draft } };
  }
  return { to: '/templates/$templateId' as const, params: { templateId: docId } };
}
