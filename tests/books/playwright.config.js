// Books of real generators with a lab in them, opened in Chromium. `./dev test books` installs the generators.
import { defineConfig } from '@playwright/test';
import page from '../../playwright.config.js';

export default defineConfig({
  ...page,
  testDir: '.',
  outputDir: '../../build/playwright-books',
  use: { launchOptions: page.use?.launchOptions ?? {} },
  webServer: undefined, // a book is served as its host would, or opened from the disk
});
