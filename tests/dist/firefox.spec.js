// The same numbers in Firefox ESR: the element, the frame, the one file, and without SIMD. Playwright drives no plain
// Firefox, so puppeteer does.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { dist, expect, pytorchLines, test } from './support.js';

const site = join(dist, 'site');

/** @type {import('puppeteer-core').Browser} */ let firefox;
test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  const executablePath = process.env.LINREG_FIREFOX ?? '/usr/bin/firefox-esr';
  firefox = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
});
test.afterAll(() => firefox.close());

/** Trains the first lab of a page or frame. @param {import('puppeteer-core').Page | import('puppeteer-core').Frame} page */
async function trained(page) {
  await page.waitForFunction(() => document.querySelector('linreg-lab')?.lab?.status === 'ready');
  return page.evaluate(async () => {
    const { lab } = document.querySelector('linreg-lab');
    lab.speed = 'fast';
    const ended = new Promise((resolve) => lab.addEventListener('progress', () => lab.ended && resolve()));
    lab.play();
    await ended;
    return lab.trainer.log.join('\n');
  });
}

/** @param {(page: import('puppeteer-core').Page) => Promise<void>} use @param {RegExp} [allowed] complaints that the test provokes */
async function onPage(use, allowed = /^$/) {
  const page = await firefox.newPage();
  const complaints = [];
  page.on('pageerror', ({ message }) => allowed.test(message) || complaints.push(message));
  await use(page);
  await page.close();
  expect(complaints).toEqual([]);
}

const host = (html, headers = {}) => ({
  headers: { 'access-control-allow-origin': '*', ...headers },
  answer: (path, response) =>
    path === '/host.html' && Boolean(response.setHeader('content-type', 'text/html').end(`<!doctype html>${html}`)),
});
const element = '<script type="module" src="linreg-lab.js"></script><linreg-lab seed="42"></linreg-lab>';

test('the element, under a strict policy', async ({ serve }) => {
  const policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'";
  const server = await serve(site, host(element, { 'content-security-policy': policy }));
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    expect(await trained(page)).toBe(pytorchLines(42));
  });
});

test('a policy that forbids WebAssembly is told of', async ({ serve }) => {
  const server = await serve(site, host(element, { 'content-security-policy': "default-src 'self'" }));
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    const told = () => document.querySelector('linreg-lab')?.shadowRoot?.querySelector('.failed')?.textContent;
    await page.waitForFunction(`(${told})()`);
    expect(await page.evaluate(told)).toContain('content security policy forbids WebAssembly');
  }, /settings blocked WebAssembly/);
});

test('a sandboxed frame, as high as its content', async ({ serve }) => {
  const frame = '<iframe src="embed.html?seed=42" sandbox="allow-scripts" width="800"></iframe>';
  const server = await serve(site, host(`${frame}<script src="linreg-lab-host.js"></script>`));
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    await page.waitForFunction(() => document.querySelector('iframe').clientHeight > 400);
    expect(await trained(page.frames()[1])).toBe(pytorchLines(42));
  });
});

test('the one file, from a disk', async () => {
  await onPage(async (page) => {
    await page.goto(`${pathToFileURL(join(dist, 'linreg-lab.html'))}#seed=42`);
    await page.waitForFunction(() => document.querySelector('linreg-lab')?.lab?.status === 'ready');
    expect(await trained(page)).toBe(pytorchLines(42));
  });
});

test('without SIMD', async ({ serve }) => {
  const server = await serve(site, host(`<script>WebAssembly.validate = () => false;</script>${element}`));
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    expect(await trained(page)).toBe(pytorchLines(42));
    expect(server.requests.filter((path) => path.endsWith('.wasm'))).toEqual([expect.stringContaining('scalar')]);
  });
});
