export * from './billing';
export * from './key-vault';
export * from './practice-host';
export * from './process-environment';
export * from './provider-client';
export * from './runtime';
export * from './providers';
export type * from './services';
