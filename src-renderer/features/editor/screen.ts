import { defineScreen, NO_SEARCH } from '../../addresses';

export const newTemplate = defineScreen({
  path: '/templates/new',
  search: NO_SEARCH,
  page: async () => (await import('./editor-page')).NewTemplatePage,
});

export const template = defineScreen({
  path: '/templates/$templateId',
  search: NO_SEARCH,
  page: async () => (await import('./editor-page')).TemplatePage,
});
