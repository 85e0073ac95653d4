import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, protocol } from 'electron';
import { APP_SCHEME, createAppResponder, isAppUrl } from './app-origin';
import { startCoreProcess, type CoreLink } from './core-link';
import { installMenu } from './menu';
import { denyByDefault, openWindow } from './window';

const folder = import.meta.dirname;

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

// Windows over another store use another profile, which also gives them their own single-instance lock.
const home = process.env['PROMPTER_HOME'];
if (home !== undefined && home !== '') {
  const profile = resolve(home, 'desktop');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', profile);
}

// A second start focuses the first one's window: one process owns the store.
if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  await app.whenReady();
  denyByDefault();
  protocol.handle(APP_SCHEME, createAppResponder(join(folder, '../renderer')));
  installMenu();

  const core = startCoreProcess(folder);
  try {
    await core.ready;
  } catch (error) {
    dialog.showErrorBox('Prompter cannot start', error instanceof Error ? error.message : String(error));
    app.exit(1);
    return;
  }
  givePortsTo(core);
  closeWith(core);
  openWindow(folder);
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

/** Each page of ours gets its own port on load. Its subframes and foreign pages get none. */
function givePortsTo(core: CoreLink): void {
  ipcMain.on('prompter:connect', (event) => {
    const frame = event.senderFrame;
    if (frame === null || frame.parent !== null || !isAppUrl(frame.url)) return;
    frame.postMessage('prompter:port', null, [core.connect()]);
  });
}

function closeWith(core: CoreLink): void {
  let closing = false;
  core.onExit((code) => {
    if (closing) return;
    dialog.showErrorBox(
      'Prompter has to close',
      `Its core exited unexpectedly (code ${code}). Everything reported as stored is safe. Start Prompter again.`,
    );
    app.exit(1);
  });
  app.on('before-quit', (event) => {
    if (closing) return;
    event.preventDefault();
    closing = true;
    void core.close().finally(() => app.quit());
  });
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) {
    openWindow(folder);
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}
