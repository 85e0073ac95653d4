import { IconVersions } from '@tabler/icons-react';
import * as z from 'zod';
import { defineScreen, text } from '../../addresses';

export const versions = defineScreen({
  path: '/versions',
  search: z.strictObject({ template: text }),
  page: async () => (await import('./versions-page')).VersionsPage,
  nav: { name: 'Versions', icon: IconVersions },
  command: { keys: ['g v'] },
});
