import { IconSettings } from '@tabler/icons-react';
import { defineScreen, NO_SEARCH } from '../../addresses';

export const settings = defineScreen({
  path: '/settings',
  search: NO_SEARCH,
  page: async () => (await import('./settings-page')).SettingsPage,
  nav: { name: 'Settings', icon: IconSettings, end: true },
  command: { keys: ['g s'] },
});
