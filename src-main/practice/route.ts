import type { IncomingHttpHeaders } from 'node:http';
import { PRACTICE_VENDORS, type PracticeVendor } from '../../src-shared/domain';
import type { Exchange, Operation } from './exchange';
import { VENDORS } from './vendors';

export interface Route extends Operation {
  readonly vendor: PracticeVendor;
  readonly apiVersion: Exchange['apiVersion'];
}

/**
 * Each vendor has its own prefix (`/openai`, `/anthropic`, `/google`). At the root, all are served, and the vendors'
 * own headers decide who answers `GET /v1/models`.
 */
export function routeOf(method: string, path: string, query: string, headers: IncomingHttpHeaders): Route {
  const prefixed = PRACTICE_VENDORS.find((name) => path.startsWith(`/${name}/`));
  const local = prefixed === undefined ? path : path.slice(prefixed.length + 1);
  const vendor = prefixed ?? vendorOf(local, query, headers);
  const apiVersion = local.startsWith('/v1beta/') ? 'v1beta' : 'v1';
  const rest = local.startsWith(`/${apiVersion}/`) ? local.slice(apiVersion.length + 2) : '';
  const { answer, model } = operationOf(vendor, method, rest) ?? { answer: undefined };
  return { vendor, apiVersion, answer, model: model === undefined ? undefined : decoded(model) };
}

/** A path that only one vendor has decides; headers tell the model lists apart. */
function vendorOf(path: string, query: string, headers: IncomingHttpHeaders): PracticeVendor {
  return (
    PRACTICE_VENDORS.find((name) => VENDORS[name].ownsPath(path)) ??
    PRACTICE_VENDORS.find((name) => VENDORS[name].isCaller(headers, query)) ??
    'openai'
  );
}

function operationOf(name: PracticeVendor, method: string, rest: string): Operation | undefined {
  const vendor = VENDORS[name];
  if (method === 'POST') return vendor.operationOf(rest);
  if (method !== 'GET') return undefined;
  if (rest === 'models') return { answer: vendor.listModels };
  const model = rest.startsWith('models/') ? rest.slice('models/'.length) : '';
  return model === '' ? undefined : { answer: vendor.getModel, model };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign is part of the name.
    return text;
  }
}
