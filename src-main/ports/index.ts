export * from './key-vault';
export * from './practice-host';
export * from './provider-client';
export * from './runtime';
