import { hash } from 'node:crypto';
import { notFound, timestampOf } from '../../src-shared/domain';
import { normalizeTemplateText } from '../../src-shared/domain/canonical';
import type { Clock, Ids, Service } from '../ports';
import {
  decodeCursor,
  frozenPartial,
  insertPartial,
  listPartials,
  newestPartial,
  pageOf,
  requireTemplate,
  type Store,
} from '../store';
import { assertPartialText } from '../templates';

/** Texts that many prompts use by name. A text never changes: a new one is a new record, and templates keep theirs. */
export function createPartialsService({
  store,
  clock,
  ids,
}: {
  store: Store;
  clock: Clock;
  ids: Ids;
}): Service<'partials'> {
  return {
    list({ cursor, limit, ...owner }) {
      const rows = listPartials(store.read, owner, { before: decodeCursor(cursor), limit: limit + 1 });
      return pageOf(rows, limit, ({ seq: _, ...partial }) => partial);
    },

    put({ org_id, workspace_id, name, created_by, ...given }) {
      const text = normalizeTemplateText(given.text);
      assertPartialText(text);
      const text_sha256 = hash('sha256', text);
      return store.write((tx) => {
        const newest = newestPartial(tx, { org_id, workspace_id }, name);
        if (newest?.text_sha256 === text_sha256) return { partial: newest, replayed: true };
        const partial = {
          partial_id: ids.uuid(),
          org_id,
          workspace_id,
          name,
          text,
          text_sha256,
          created_at: timestampOf(clock.now()),
          created_by: created_by ?? null,
        };
        insertPartial(tx, partial);
        return { partial, replayed: false };
      });
    },

    get({ name, text_sha256, ...owner }) {
      const partial =
        text_sha256 === undefined
          ? newestPartial(store.read, owner, name)
          : frozenPartial(store.read, owner, { name, text_sha256 });
      if (partial === undefined) throw notFound('partial', name);
      return partial;
    },

    ofTemplate({ template_id }) {
      const template = requireTemplate(store.read, template_id);
      return {
        items: template.includes.map((include) => {
          const frozen = frozenPartial(store.read, template, include);
          if (frozen === undefined) throw notFound('partial', include.name);
          const newest = newestPartial(store.read, template, include.name);
          return {
            ...include,
            text: frozen.text,
            newer: newest === undefined || newest.text_sha256 === include.text_sha256 ? null : newest,
          };
        }),
      };
    },
  };
}
