import { IconChartBar } from '@tabler/icons-react';
import { defineScreen } from '../../addresses';
import { analyticsSearch } from './search';

export const analytics = defineScreen({
  path: '/analytics',
  search: analyticsSearch,
  page: async () => (await import('./analytics-page')).AnalyticsPage,
  nav: { name: 'Analytics', icon: IconChartBar },
  command: { keys: ['g a'] },
});
