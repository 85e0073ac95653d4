import { openRendererFiles, SECURITY_HEADERS } from '../assets';

export const APP_SCHEME = 'app';
const APP_HOST = 'prompter';
/** Where the window's page comes from: our own files under a real origin, not `file://`. */
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** Whether a URL belongs to the app itself. Node gives custom schemes no origin to compare. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST;
}

/** Only https pages may be handed to the system: anything else can start programs. */
export function isOpenableOutside(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '';
}

/** Answers `app://` requests with the built interface and the same headers as the loopback host. */
export function createAppResponder(folder: string): (request: Request) => Promise<Response> {
  const files = openRendererFiles(folder);
  return async ({ url, method }) => {
    if (!isAppUrl(url) || method !== 'GET') return new Response(null, { status: 403 });
    const file = await files.read(new URL(url).pathname);
    if (file === null) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(file.body), { headers: { ...SECURITY_HEADERS, ...file.headers } });
  };
}
