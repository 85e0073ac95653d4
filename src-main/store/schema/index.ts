// The tables of `migrations/sqlite` as the query builder sees them: columns, types and nullability. The SQL is the
// truth (constraints, triggers and indexes are only there); a test keeps the two from drifting apart.
// Booleans stay 0 and 1, JSON stays text: the repositories map them.

export * from './audit';
export * from './batches';
export * from './insight';
export * from './outbox';
export * from './providers';
export * from './reviews';
export * from './runs';
export * from './system';
export * from './templates';
export * from './versions';
