import { defineConfig } from '@playwright/test';
import { systemBrowser } from './scripts/lib/browser.mjs';

const executablePath = systemBrowser();

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // Ends what hangs; a machine that does much else at the same time is slow, not wrong.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [['line'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    browserName: 'chromium',
    headless: true,
    // Traces cost a sixth of the time: `playwright test --trace retain-on-failure` makes them.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      // Elsewhere Playwright's own browser, which `npm test` installs.
      ...(executablePath !== undefined && { executablePath }),
      args: [
        '--no-sandbox',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
