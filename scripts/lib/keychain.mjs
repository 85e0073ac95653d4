import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCommand } from './system.mjs';

/**
 * A private D-Bus session with an unlocked Secret Service and its own home, so that no real keyring is touched. The
 * command to run is appended to `args`; `reason` says why no session is possible.
 */
export function keychainSession() {
  const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter((name) => !hasCommand(name));
  if (missing.length > 0) return { reason: `needs ${missing.join(' and ')}` };

  const home = mkdtempSync(join(tmpdir(), 'prompter-keychain-'));
  const runtime = join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const unlock = "printf %s 'test keyring' | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
  return {
    command: 'dbus-run-session',
    args: ['--', 'sh', '-c', `${unlock} && exec "$@"`, 'sh'],
    env: { HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: runtime },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
