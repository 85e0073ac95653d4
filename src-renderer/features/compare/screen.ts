import { IconColumns3 } from '@tabler/icons-react';
import * as z from 'zod';
import { defineScreen, flag, NO_SEARCH, text } from '../../addresses';

export const comparisons = defineScreen({
  path: '/compare',
  search: NO_SEARCH,
  page: async () => (await import('./comparisons-page')).ComparisonsPage,
  nav: { name: 'Compare', icon: IconColumns3 },
  command: { keys: ['g c'] },
});

export const newComparison = defineScreen({
  path: '/compare/new',
  // `against`: the version beside it, or `previous`.
  search: z.strictObject({ template: text, sample: flag, against: text }),
  page: async () => (await import('./plan/new-comparison-page')).NewComparisonPage,
});

export const comparison = defineScreen({
  path: '/compare/$batchId',
  search: NO_SEARCH,
  page: async () => (await import('./comparison-page')).ComparisonPage,
});
