export { Evidence } from './evidence';
export { StateBadge } from './state-badge';
