export { createProviderClients } from './clients';
export { createConnectionsService } from './connections';
export type { Connections } from './connections';
export type { Environment } from './connection-lookup';
export { createProvidersService } from './registry';
