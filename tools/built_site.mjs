// The built site in a browser, for the tools that take pictures of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from '@playwright/test';
import { root } from './bundle.mjs';

const port = process.env['LINREG_TEST_PORT'] ?? '8931';

/**
 * Serves build/site while a browser visits it.
 * @param {(browser: import('@playwright/test').Browser, address: string) => Promise<void>} visit
 */
export async function visitBuiltSite(visit) {
  const server = spawn('node_modules/.bin/sirv', ['build/site', '--host', 'localhost', '--port', port], { cwd: root });
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium', args });
  try {
    await once(server.stdout, 'data'); // it says where it is
    await visit(browser, `http://localhost:${port}/`);
  } finally {
    await browser.close();
    server.kill();
  }
}
