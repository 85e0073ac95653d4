export type * from '../ports/services';
