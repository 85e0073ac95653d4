import { existsSync } from 'node:fs';

/** Debian's browsers. The shell has no window to draw, which saves a sixth of what a browser test costs. */
const DEBIAN_BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/**
 * The system's browser that tests and benchmarks drive; undefined where Playwright's own is to be used.
 * @returns {string | undefined}
 */
export const systemBrowser = () => DEBIAN_BROWSERS.find((path) => existsSync(path));
