export { openRendererFiles, type RendererFile, type RendererFiles } from './renderer-files';
export { contentSecurityPolicy, INERT_POLICY, SECURITY_HEADERS } from './security-headers';
