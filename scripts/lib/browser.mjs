import { existsSync } from 'node:fs';

/** Debian's browsers. The headless shell draws no window, which saves a sixth of a browser test's time. */
const DEBIAN_BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/**
 * The system's browser for tests and benchmarks; undefined if Playwright's own is used.
 * @returns {string | undefined}
 */
export const systemBrowser = () => DEBIAN_BROWSERS.find((path) => existsSync(path));
