import { join } from 'node:path';
import { app, BrowserWindow, dialog, screen, session, shell } from 'electron';
import { APP_URL, isAppUrl, isOpenableOutside } from './app-origin';
import { isGranted } from './permissions';
import { MINIMUM_SIZE, readWindowState, writeWindowState } from './window-state';

/** Applies to every window and page, present and future; whatever is not allowed here is denied. */
export function denyByDefault(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(isGranted({ permission, url: details.requestingUrl, isMainFrame: details.isMainFrame })),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, _origin, details) =>
    isGranted({ permission, url: details.requestingUrl, isMainFrame: details.isMainFrame }),
  );
  session.defaultSession.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    // Fires for every frame, the main one included.
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isAppUrl(event.url)) event.preventDefault();
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
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
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
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    dialog.showErrorBox('The window has crashed', 'It will reopen now. Nothing stored is lost.');
    window.reload();
  });
  void window.loadURL(APP_URL);
  return window;
}
