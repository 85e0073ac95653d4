import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { contentSecurityPolicy, createNonce, INERT_POLICY, NONCE_PLACEHOLDER } from './security-headers';

export interface RendererFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RendererFiles {
  /** The file for a URL path, or null. Serves only files made by the build. */
  read(pathname: string): Promise<RendererFile | null>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** The build puts a content hash in these names, so they can be cached forever. */
const HASHED_NAME = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/**
 * The built interface. Paths are looked up among the files found at startup, so no spelling of a path can reach any
 * other file.
 */
export function openRendererFiles(folder: string): RendererFiles {
  const files = new Map(listFiles(folder).map((file) => [urlPath(folder, file), file]));
  return {
    async read(pathname) {
      const name = pathname === '/' ? '/index.html' : decode(pathname);
      const file = name === null ? undefined : files.get(name);
      if (name === null || file === undefined) return null;
      const body = await readFile(file);
      return name === '/index.html' ? page(body) : asset(name, body);
    },
  };
}

function page(body: Buffer): RendererFile {
  const nonce = createNonce();
  return {
    body: Buffer.from(body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(nonce),
      // Each load of the page needs a fresh nonce.
      'cache-control': 'no-store',
    },
  };
}

function asset(name: string, body: Buffer): RendererFile {
  return {
    body,
    headers: {
      'content-type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
      // A worker has its own policy: it may reach only what the page may.
      'content-security-policy':
        extname(name) === '.js' ? contentSecurityPolicy(createNonce()) : INERT_POLICY,
      'cache-control': HASHED_NAME.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  };
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function urlPath(folder: string, file: string): string {
  return `/${relative(folder, file).split(sep).join('/')}`;
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
