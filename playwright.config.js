// The page's tests, in the browser that LINREG_CHROMIUM names. `./dev test web` builds the page first.
import { defineConfig } from '@playwright/test';

const port = Number(process.env.LINREG_TEST_PORT ?? 8931);

export default defineConfig({
  testDir: 'tests/web',
  outputDir: 'build/playwright',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: 0, // a test that passes at its second try hides a fault
  workers: 4, // two processors are idle a tenth of the time with three
  // Machines that test may be slow, and busy for seconds with something else. What has a time to keep says so by itself.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}/`,
    launchOptions: {
      executablePath: process.env.LINREG_CHROMIUM ?? '/usr/bin/chromium',
      // The sandbox does not start as root; the rest keeps the browser from calling home.
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  webServer: {
    command: `node_modules/.bin/sirv build/site --quiet --host localhost --port ${port}`,
    url: `http://localhost:${port}/`, // that something listens there is not enough: see startServer in tests/dist
    reuseExistingServer: false,
  },
});
