export { createProviderClients } from './clients';
export { createConnectionsService } from './connections';
export type { Connections, ConnectionsDeps, ModelList } from './connections';
export type { ConnectionQuery, Environment, ResolvedConnection } from './connection-lookup';
export { createProvidersService } from './registry';
export type { Providers } from './registry';
