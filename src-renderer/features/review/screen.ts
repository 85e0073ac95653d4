import { IconChecklist } from '@tabler/icons-react';
import * as z from 'zod';
import { defineScreen, text } from '../../addresses';

export const review = defineScreen({
  path: '/review',
  search: z.strictObject({ run: text }),
  page: async () => (await import('./review-page')).ReviewPage,
  nav: { name: 'Review', icon: IconChecklist, counts: 'reviews' },
  command: { keys: ['g q'] },
});
