import { isAppUrl } from './app-origin';

export interface PermissionQuestion {
  readonly permission: string;
  /** The requesting page, if it is a page. */
  readonly url: string | undefined;
  readonly isMainFrame: boolean;
}

/** The only permission the interface needs: writing to the clipboard when the user presses "copy". */
export function isGranted({ permission, url, isMainFrame }: PermissionQuestion): boolean {
  return permission === 'clipboard-sanitized-write' && isMainFrame && url !== undefined && isAppUrl(url);
}
