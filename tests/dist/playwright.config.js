// The tests of the distribution, against build/dist as it stands. `./dev test dist` builds it first.
import { defineConfig } from '@playwright/test';
import page from '../../playwright.config.js';

export default defineConfig({
  ...page,
  testDir: '.',
  outputDir: '../../build/playwright-dist',
  use: { launchOptions: page.use?.launchOptions ?? {} },
  webServer: undefined, // every test serves what it needs, from the origins that it needs
});
