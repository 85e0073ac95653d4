export { publishHost, type PublishedHost } from './publish';
export { startHttpHost, type HttpHost, type HttpHostOptions } from './http-host';
