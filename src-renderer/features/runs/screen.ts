import { IconListDetails } from '@tabler/icons-react';
import { defineScreen, runsSearch } from '../../addresses';

export const runs = defineScreen({
  path: '/runs',
  search: runsSearch,
  page: async () => (await import('./runs-page')).RunsPage,
  nav: { name: 'Runs', icon: IconListDetails },
  command: { keys: ['g r'] },
});
