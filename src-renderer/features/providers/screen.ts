import { IconPlugConnected } from '@tabler/icons-react';
import * as z from 'zod';
import { defineScreen, text } from '../../addresses';

export const providers = defineScreen({
  path: '/providers',
  search: z.strictObject({ connection: text }),
  page: async () => (await import('./providers-page')).ProvidersPage,
  nav: { name: 'Providers', icon: IconPlugConnected },
  command: { keys: ['g p'] },
});
