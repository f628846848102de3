// Takes docs/lesson.png, the README's picture, from the built site: the lab after the notebook's run.
//
//     ./dev build && node tools/take-picture.mjs
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { root } from './bundle.mjs';

const port = process.env['LINREG_TEST_PORT'] ?? '8931';
const views = 'loss,fit';

const server = spawn('node_modules/.bin/sirv', ['build/site', '--host', 'localhost', '--port', port], { cwd: root });
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium', args });
try {
  await once(server.stdout, 'data'); // it says where it is
  const page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
  await page.goto(`http://localhost:${port}/#seed=42&lang=en`);
  const lab = page.locator('linreg-lab');
  await lab.evaluate((element, view) => element.setAttribute('view', view), views);
  for (let epoch = 0; epoch < 3; ++epoch) await page.locator('[data-action=step_epoch]').click();
  await page.locator('.transport[data-status=finished]').waitFor();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1500); // the window of the parameters moves to where it stays
  await lab.screenshot({ path: join(root, 'docs/lesson.png') });
} finally {
  await browser.close();
  server.kill();
}
