// Hosts that are strict, broken, hostile or poor: the lab works there, or says what is missing.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  anyOrigin,
  boxed,
  deniedStorage,
  element,
  hostileStyles,
  lab,
  look,
  module,
  noWasmPolicy,
  ownElement,
  replacedPrototypes,
  serveHost,
  strictPolicy,
  trainAll,
  widths,
  withoutSimd,
} from './hosts.js';
import { dist, expect, pytorchLines, runLab, site, test } from './support.js';

/** Opens a page of a host that has the site's files beside it. @param {import('@playwright/test').Page} page */
async function openHost(page, serve, html, how) {
  const server = await serveHost(serve, html, how);
  await page.goto(`${server.url}host.html`);
  return server;
}

test('the strictest policy that allows WebAssembly, with Trusted Types and no policy of theirs', async ({
  page,
  serve,
}) => {
  await openHost(page, serve, element, { headers: { 'content-security-policy': strictPolicy } });
  await runLab(page);
});

test.describe('a policy that forbids WebAssembly', () => {
  test.use({ allowed: /Content Security Policy/ });
  for (const [lang, words, cause] of [
    ['en', 'The training engine could not be loaded', 'content security policy forbids WebAssembly'],
    ['zh-CN', '训练引擎未能加载', '内容安全策略禁止 WebAssembly'],
  ])
    // prettier-ignore
    test(`is told of (${lang})`, async ({ page, serve }) => {
      const headers = { 'content-security-policy': noWasmPolicy };
      await openHost(page, serve, module() + `<linreg-lab lang="${lang}"></linreg-lab>`, { headers });
      const told = page.locator('.failed');
      await expect(told).toContainText(words);
      await expect(told).toContainText(cause);
      await expect(told).toContainText("'wasm-unsafe-eval'");
      await expect(page.locator('[data-action=toggle]')).toHaveAttribute('aria-disabled', 'true');
    });
});

test('a module from another site', async ({ page, serve }) => {
  const library = await serve(site, { headers: anyOrigin });
  await openHost(page, serve, module(`${library.url.replace('localhost', '127.0.0.1')}linreg-lab.js`) + lab);
  await runLab(page);
});

test('the package’s own files, not bundled', async ({ page, serve }) => {
  const library = await serve(join(dist, 'npm'), { headers: anyOrigin });
  await openHost(page, serve, module(`${library.url}linreg-lab.js`) + lab);
  await runLab(page);
});

test('a wrong type for the WebAssembly', async ({ page, serve }) => {
  const wasm = (response, file) => response.setHeader('content-type', 'text/html').end(file);
  await openHost(page, serve, element, { wasm });
  await runLab(page);
});

test.describe('the WebAssembly is missing', () => {
  test.use({ allowed: /404/ });
  test('it is told, and Retry works', async ({ page, serve }) => {
    let missing = true;
    const wasm = (response, file) => (missing ? response.writeHead(404).end() : response.end(file));
    await openHost(page, serve, element, { wasm });
    await expect(page.locator('.failed')).toContainText('could not be loaded');
    missing = false;
    await page.locator('.failed button').click();
    await runLab(page);
  });
});

test.describe('the script is missing', () => {
  test.use({ allowed: /404/ });
  test('what the author put inside the element is seen', async ({ page, serve }) => {
    await openHost(page, serve, module('gone.js') + lab);
    await expect(page.getByText('no lab here')).toBeVisible();
  });
});

test('no SIMD', async ({ page, serve }) => {
  const server = await openHost(page, serve, withoutSimd + element);
  await runLab(page);
  expect(server.requests.filter((path) => path.endsWith('.wasm'))).toEqual([expect.stringContaining('scalar')]);
});

test('storage is denied', async ({ page, serve }) => {
  await openHost(page, serve, deniedStorage + element);
  await runLab(page);
});

test('two versions on a page: the first serves both', async ({ page, serve }, info) => {
  const other = info.outputPath('other');
  cpSync(join(dist, 'npm'), other, { recursive: true });
  const second = await serve(other, { headers: anyOrigin });
  await openHost(page, serve, module() + module(`${second.url}linreg-lab.js`) + lab);
  await runLab(page);
});

test('a page that already has an element of that name keeps it', async ({ page, serve }) => {
  await openHost(page, serve, ownElement + element);
  await page.waitForLoadState('networkidle');
  expect(await page.locator('linreg-lab').evaluate((lab) => lab.own)).toBe(true);
});

test('a host that asks how wide the lab wants to be', async ({ page, serve }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  await openHost(page, serve, boxed());
  await expect(page.locator('.transport').last()).toHaveAttribute('data-status', 'ready');
  expect(await page.evaluate(widths)).toEqual({ labs: 24, bad: [] });
});

test('a host whose styles mean harm, or only a root of ten pixels', async ({ page, serve }) => {
  const plain = await openHost(page, serve, element);
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  const expected = await page.evaluate(look);
  await plain.close();
  await openHost(page, serve, hostileStyles + element);
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  expect(await page.evaluate(look)).toEqual(expected);
  await runLab(page);
});

test('a host that replaced what arrays and objects can do', async ({ page, serve }) => {
  await openHost(page, serve, replacedPrototypes + element);
  await runLab(page);
});

test('printed, it shows its pictures and no buttons', async ({ page, serve }) => {
  await openHost(page, serve, element);
  await runLab(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.transport')).toBeHidden();
  for (const canvas of await page.locator('canvas').all()) await expect(canvas).toBeVisible();
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
});

test('fifty on a page share one engine, and all train', async ({ page, serve }) => {
  const server = await openHost(page, serve, module() + lab.repeat(50));
  await expect(page.locator('.transport[data-status=ready]')).toHaveCount(50, { timeout: 20_000 });
  expect(server.requests.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
  expect(await page.evaluate(trainAll)).toEqual([pytorchLines(42)]);
});

test.describe('the site opened from a disk', () => {
  test.use({ allowed: /CORS|ERR_FAILED|preload/ });
  test('says what is missing, and leads to the one file', async ({ page }) => {
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    await expect(page.getByText('were not allowed to load')).toBeVisible();
    expect(await page.evaluate(() => getComputedStyle(document.body, '::before').visibility)).toBe('hidden');
    await page.getByRole('link', { name: 'The whole lesson in one file' }).click();
    await expect(page.locator('.transport').first()).toHaveAttribute('data-status', 'ready');
  });
});

test('hide, readonly and autoplay do what they say', async ({ page, serve }) => {
  const server = await serve(site);
  await page.goto(`${server.url}embed.html?seed=42&hide=seed,speed,views&readonly&autoplay`);
  const lab = page.locator('linreg-lab');
  await expect(lab.locator('.transport')).toHaveAttribute('data-status', 'finished');
  for (const hidden of ['.speed', '.chooser', '[data-action=new_seed]', '#situations-button'])
    await expect(lab.locator(hidden)).toBeHidden();
  await lab.locator('details.data summary').click();
  await expect(lab.locator('#option-n')).toBeVisible();
  await expect(lab.locator('#option-n')).toBeDisabled();
  await expect(lab.locator('#option-seed')).toBeHidden();
  await lab.locator('.position').click();
  await page.keyboard.press('n'); // a new seed, elsewhere
  expect(await lab.evaluate(({ lab }) => lab.options.seed)).toBe(42);
  await page.goto('about:blank');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${server.url}embed.html?seed=42&autoplay&hide=moon`);
  await expect(lab.locator('.transport')).toHaveAttribute('data-status', 'ready');
  await page.waitForTimeout(500);
  await expect(lab.locator('.transport')).toHaveAttribute('data-status', 'ready');
  await expect(page.locator('body > .link-notice')).toContainText('hide');
});
