export { Evidence } from './evidence';
export { StateBadge } from './state-badge';
export { VersionsPage } from './versions-page';
