export { openRendererFiles, type RendererFile, type RendererFiles } from './renderer-files';
export { INERT_POLICY, SECURITY_HEADERS } from './security-headers';
