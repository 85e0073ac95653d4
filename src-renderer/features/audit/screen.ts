import { IconShieldCheck } from '@tabler/icons-react';
import { defineScreen } from '../../addresses';
import { auditSearch } from './search';

export const audit = defineScreen({
  path: '/audit',
  search: auditSearch,
  page: async () => (await import('./audit-page')).AuditPage,
  nav: { name: 'Audit', icon: IconShieldCheck },
  command: { keys: ['g u'] },
});
