import { join } from 'node:path';
import { app, BrowserWindow, screen, session, shell } from 'electron';
import { APP_URL, isAppUrl, isOpenableOutside } from './app-origin';
import { readWindowState, writeWindowState } from './window-state';

/** Nothing is allowed unless it is allowed here, for every window and page that will ever exist. */
export function denyByDefault(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, url) => {
      if (!isAppUrl(url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (isOpenableOutside(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}

export function openWindow(mainFolder: string): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const { maximized, ...bounds } = readWindowState(stateFile, areas);
  const window = new BrowserWindow({
    ...bounds,
    show: false,
    title: 'Prompter',
    webPreferences: {
      preload: join(mainFolder, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () =>
    writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }),
  );
  void window.loadURL(APP_URL);
  return window;
}
