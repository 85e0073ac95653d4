export * from './diff-words';
export * from './label-approval';
export * from './prompt';
