import { isAppUrl } from './app-origin';

export interface PermissionQuestion {
  readonly permission: string;
  /** The page that asks, where it is a page that asks. */
  readonly url: string | undefined;
  readonly isMainFrame: boolean;
}

/** The one thing that the interface asks for: to put a text into the clipboard, when somebody presses "copy". */
export function isGranted({ permission, url, isMainFrame }: PermissionQuestion): boolean {
  return permission === 'clipboard-sanitized-write' && isMainFrame && url !== undefined && isAppUrl(url);
}
