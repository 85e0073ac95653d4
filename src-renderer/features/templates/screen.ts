import { IconTemplate } from '@tabler/icons-react';
import * as z from 'zod';
import { defineScreen, flag, text } from '../../addresses';

export const templates = defineScreen({
  path: '/templates',
  search: z.strictObject({ q: text, workspace: text, archived: flag }),
  page: async () => (await import('./templates-page')).TemplatesPage,
  nav: { name: 'Templates', icon: IconTemplate },
  command: { keys: ['g t'] },
});
