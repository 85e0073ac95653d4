export { createClient, type PrompterClient } from './client';
export { bug, toRpcError } from './map-errors';
export { openEngine, type Engine } from './open-engine';
export { requestContext, type RequestContext } from './request-context';
export { createRouter, type AppRouter } from './router';
