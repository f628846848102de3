// Books of real generators with a lab in them, opened in Chromium. `./dev test books` installs the generators.
import { defineConfig } from '@playwright/test';
import dist from '../dist/playwright.config.js';

export default defineConfig({ ...dist, projects: undefined, testDir: '.', outputDir: '../../build/playwright-books' });
