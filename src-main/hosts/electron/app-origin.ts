import { openRendererFiles, SECURITY_HEADERS } from '../assets';

export const APP_SCHEME = 'app';
const APP_HOST = 'prompter';
/** The window's page: our own files under a proper origin instead of `file://`. */
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** Compares protocol and host, because Node gives custom schemes no origin. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST;
}

/** Only https URLs may be opened by the system: other schemes can start programs. */
export function isOpenableOutside(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '';
}

/** Serves the built interface on `app://`, with the same headers as the loopback host. */
export function createAppResponder(folder: string): (request: Request) => Promise<Response> {
  const files = openRendererFiles(folder);
  return async ({ url, method }) => {
    if (!isAppUrl(url) || method !== 'GET') return new Response(null, { status: 403 });
    const file = await files.read(new URL(url).pathname);
    if (file === null) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(file.body), { headers: { ...SECURITY_HEADERS, ...file.headers } });
  };
}
