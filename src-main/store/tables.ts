// The tables of `migrations/sqlite` as the query builder sees them: columns, types and nullability. The SQL is the
// truth (constraints, triggers and indexes are only there); a test keeps the two from drifting apart.
// Booleans, JSON, money and words are told by the column (`engine/columns.ts`).

export * from './assets/tables';
export * from './audit-log/tables';
export * from './batches/tables';
export * from './rollups/tables';
export * from './outbox/tables';
export * from './prompts/tables';
export * from './connections/tables';
export * from './partials/tables';
export * from './runs/review-tables';
export * from './runs/tables';
export * from './settings/tables';
export * from './templates/tables';
export * from './versions/tables';
