import { IconTemplate } from '@tabler/icons-react';
import { defineScreen } from '../../addresses';
import { historySearch, promptsSearch } from './search';

export const templates = defineScreen({
  path: '/templates',
  search: promptsSearch,
  page: async () => (await import('./templates-page')).TemplatesPage,
  nav: { name: 'Templates', icon: IconTemplate },
  command: { keys: ['g t'] },
});

export const promptHistory = defineScreen({
  path: '/prompts/$promptId',
  within: '/templates',
  search: historySearch,
  page: async () => (await import('./history-page')).HistoryPage,
});
