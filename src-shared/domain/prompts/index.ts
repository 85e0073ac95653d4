export * from './label-approval';
export * from './prompt';
