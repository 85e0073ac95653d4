import * as z from 'zod';
import { defineScreen, NO_SEARCH, text } from '../../addresses';

export const newTemplate = defineScreen({
  path: '/templates/new',
  /** Which of several new templates (`drafts/address.ts`). */
  search: z.strictObject({ draft: text }),
  page: async () => (await import('./editor-page')).NewTemplatePage,
});

export const template = defineScreen({
  path: '/templates/$templateId',
  search: NO_SEARCH,
  page: async () => (await import('./editor-page')).TemplatePage,
});
