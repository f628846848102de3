// Takes pictures of the built site to be looked at, into build/screenshots/: wide, on a telephone, in the dark, in
// Chinese, at 400 % (a window of 1280 pixels is then 320 wide), diverged, with all views, and on paper.
//
//     ./dev screenshots [words of the names]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.mjs';
import { visitBuiltSite } from './built_site.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ hash?: string, width?: number, ratio?: number, dark?: boolean, views?: string, paper?: boolean, end?: string, act?: (page: Page) => Promise<void> }} Shot */

const folder = join(root, 'build/screenshots');
const seven = 'loss,fit,parameters,microscope,table,code,sweep';

/** Runs pinned, a sweep, and the tables open. @param {Page} page */
async function fill(page) {
  const act = (/** @type {string} */ action) => page.locator(`[data-action=${action}]`).click();
  await act('pin');
  for (const lr of ['0.01', '0.003']) {
    await page.locator('linreg-lab #option-lr').first().fill(lr);
    await page.locator('linreg-lab #option-lr').first().press('Enter');
    for (let i = 0; i < 3; ++i) await act('step_epoch');
    await act('pin');
  }
  await act('sweep');
  for (const details of await page.locator('.numbers > summary').all()) await details.click();
}

/** @type {Record<string, Shot>} */
const shots = {
  1280: {},
  '1280-seven': { views: seven, act: fill },
  '1280-one-feature': { hash: '&true_w=2&n=100&noise=1&epochs=2' },
  '1280-diverged': { hash: '&lr=3', end: 'diverged' },
  390: { width: 390, ratio: 2 },
  dark: { dark: true, views: seven, act: fill },
  'zh-CN': { hash: '&lang=zh-CN', views: seven, act: fill },
  '400-percent': { width: 320, ratio: 2 },
  '400-percent-seven': { width: 320, views: seven },
  '400-percent-zh-CN': { width: 320, views: seven, hash: '&lang=zh-CN' },
  print: { width: 720, dark: true, paper: true, views: seven, act: fill },
};

/** @param {import('@playwright/test').Browser} browser @param {string} address @param {string} name @param {Shot} shot */
async function take(
  browser,
  address,
  name,
  { hash = '', width = 1280, ratio = 1, dark, views, paper, end = 'finished', act },
) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    deviceScaleFactor: ratio,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en',
  });
  const page = await context.newPage();
  await page.goto(`${address}#seed=42${hash}`);
  if (views) await page.locator('linreg-lab').evaluate((lab, view) => lab.setAttribute('view', view), views);
  await page.locator('.transport[data-status=ready]').waitFor();
  await page.locator('#speed').selectOption('fast');
  await page.locator('[data-action=toggle]').click();
  await page.locator(`.transport[data-status=${end}]`).waitFor();
  await act?.(page);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(2000); // what is said late, and windows that move
  if (paper) {
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.pdf({ path: join(folder, `${name}.pdf`), format: 'A4' });
  }
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, timeout: 120_000 });
  await context.close();
}

mkdirSync(folder, { recursive: true });
const words = process.argv.slice(2);
const wanted = Object.entries(shots).filter(([name]) => words.every((word) => name.includes(word)));
await visitBuiltSite(async (browser, address) => {
  for (const [name, shot] of wanted) await take(browser, address, name, shot);
});
console.log(`pictures in ${folder}`);
