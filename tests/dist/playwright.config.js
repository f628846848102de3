// The tests of the distribution, against build/dist as it stands. `./dev test dist` builds it first.
import { defineConfig } from '@playwright/test';
import page from '../../playwright.config.js';

const launchOptions = page.use?.launchOptions ?? {};
/** What frames may do, a download among it, is the whole browser's; the headless shell takes half of the time. */
const whole = { ...launchOptions, executablePath: process.env.LINREG_WHOLE_CHROMIUM ?? '/usr/bin/chromium' };
const inFrames = 'frames.spec.js';

export default defineConfig({
  ...page,
  testDir: '.',
  outputDir: '../../build/playwright-dist',
  projects: [
    { name: 'Chromium', testMatch: inFrames, use: { launchOptions: whole } },
    { name: 'headless shell', testIgnore: inFrames },
  ],
  use: { launchOptions },
  webServer: undefined, // every test serves what it needs, from the origins that it needs
});
