import { IconCloudUp } from '@tabler/icons-react';
import * as z from 'zod';
import { defineScreen, flag } from '../../addresses';

export const sync = defineScreen({
  path: '/sync',
  search: z.strictObject({ connect: flag }),
  page: async () => (await import('./sync-page')).SyncPage,
  nav: { name: 'Sync', icon: IconCloudUp },
  command: { keys: ['g y'] },
});
