// Measures the built page in headless Chromium: how soon it is there, how smooth it runs with every view shown, the
// longest task, what share of a second trains and what share draws, and its size. Read bench/README.md for the rows.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const site = 'build/site';
const port = Number(process.env.LINREG_TEST_PORT ?? 8931);
const origin = `http://localhost:${port}/`;
const throttles = [1, 4];
const seconds = 4; // of each kind of use
const visits = 5;

/** @typedef {import('playwright-core').Page} Page */

/** @typedef {{ longest: number, ready: number, frames: number }} Seen what a page has counted; its global linregSeen */

/** What every page counts from its start. */
function count() {
  const seen = { longest: 0, ready: 0, frames: 0 };
  Object.assign(globalThis, { linregSeen: seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: 'longtask' });
  const frame = () => {
    seen.frames += 1;
    const status = document
      .querySelector('linreg-lab')
      ?.shadowRoot?.querySelector('.transport')
      ?.getAttribute('data-status');
    if (seen.ready === 0 && status && status !== 'loading') seen.ready = performance.now();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** @param {import('playwright-core').Browser} browser @param {number} throttle @param {string} hash */
async function open(browser, throttle, hash) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  await page.addInitScript(count);
  await page.goto(origin + hash);
  await page.waitForFunction(() => Reflect.get(globalThis, 'linregSeen').ready > 0);
  return { page, session, close: () => context.close() };
}

/** @param {Page} page @returns {Promise<Seen>} */
const seen = (page) => page.evaluate(() => ({ ...Reflect.get(globalThis, 'linregSeen') }));

/** @param {number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/** First paint and readiness over several fresh visits. @param {import('playwright-core').Browser} browser @param {number} throttle */
async function start(browser, throttle) {
  /** @type {number[]} */
  const paints = [];
  /** @type {number[]} */
  const readies = [];
  for (let i = 0; i < visits; ++i) {
    const { page, close } = await open(browser, throttle, '#seed=42');
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
    readies.push((await seen(page)).ready);
    await close();
  }
  return { paint: median(paints), ready: median(readies) };
}

const act = (/** @type {Page} */ page, /** @type {string} */ action) => page.locator(`[data-action=${action}]`).click();

/** Each kind of use: what it is, where it starts, and what the reader does meanwhile. @type {Record<string, { hash: string, speed: string, during?: (page: Page) => Promise<void> }>} */
const uses = {
  'six views, 10,000 losses': { hash: '#seed=42&epochs=1000000&step=10000', speed: 'normal' },
  'six views, as fast as possible': { hash: '#seed=42&epochs=1000000000', speed: 'fast' },
  '100,000 rows': { hash: '#seed=42&n=100000&epochs=1000000', speed: 'fast' },
  'the learning rate dragged': {
    hash: '#seed=42&epochs=1000000',
    speed: 'fast',
    during: async (page) => {
      const lr = page.locator('linreg-lab #option-lr').first();
      for (let i = 1; i <= 8; ++i) {
        await lr.fill(String(0.01 * i));
        await lr.press('Enter');
        await page.waitForTimeout((seconds * 1000) / 10);
      }
    },
  },
};

/** @param {import('playwright-core').Browser} browser @param {number} throttle @param {typeof uses[string]} use */
async function run(browser, throttle, { hash, speed, during }) {
  const { page, session, close } = await open(browser, throttle, hash);
  await page.evaluate(() =>
    document.querySelector('linreg-lab')?.setAttribute('view', 'loss,fit,parameters,microscope,table,code'),
  );
  await page.waitForTimeout(1500);
  const speeds = page.locator('#speed');
  await speeds.selectOption(speed);
  await page.locator('linreg-lab').scrollIntoViewIfNeeded();
  await act(page, 'toggle');
  await page.waitForTimeout(1000);
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  const before = await seen(page);
  const from = Date.now();
  if (during) await during(page);
  await page.waitForTimeout(Math.max(0, seconds * 1000 - (Date.now() - from)));
  const after = await seen(page);
  const elapsed = (Date.now() - from) / 1000;
  const { profile } = await session.send('Profiler.stop');
  await close();
  return { frames: (after.frames - before.frames) / elapsed, longest: after.longest, ...shares(profile) };
}

/**
 * Shares of the time by the samples of a profile: what runs in WebAssembly trains (or computes what is shown), other
 * scripts and the browser's own painting draw.
 * @param {{ nodes: { id: number, callFrame: { functionName: string, url: string } }[], samples?: number[], timeDeltas?: number[] }} profile
 */
function shares({ nodes, samples = [], timeDeltas = [] }) {
  const spent = { trains: 0, draws: 0, idle: 0 };
  /** @type {Map<number, keyof typeof spent>} */
  const kinds = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => [
      id,
      functionName === '(idle)' ? 'idle' : url.startsWith('wasm:') ? 'trains' : 'draws',
    ]),
  );
  samples.forEach((id, i) => {
    spent[kinds.get(id) ?? 'idle'] += timeDeltas[i] ?? 0;
  });
  const all = spent.trains + spent.draws + spent.idle;
  return { trains: spent.trains / all, draws: spent.draws / all };
}

/** Script, WebAssembly with SIMD and styles, both languages: what a first visit fetches, brotli. */
function size() {
  const fetched = readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && /\.(js|css|html|wasm|svg)$/.test(file.name) && !file.name.includes('scalar'))
    .map((file) => readFileSync(`${file.parentPath ?? file.path}/${file.name}`));
  return fetched.reduce((sum, bytes) => sum + brotliCompressSync(bytes).length, 0) / 1024;
}

const server = spawn('node_modules/.bin/sirv', [site, '--quiet', '--host', 'localhost', '--port', String(port)]);
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: process.env.LINREG_CHROMIUM ?? '/usr/bin/chromium', args });
try {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  console.log(
    `Chromium ${browser.version()}, ${size().toFixed(1)} KB brotli for script, WebAssembly, styles and both languages\n`,
  );
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(0)} %`;
  for (const throttle of throttles) {
    const { paint, ready } = await start(browser, throttle);
    console.log(
      `CPU slowed ${throttle} x: first paint ${paint.toFixed(0)} ms, ready ${ready.toFixed(0)} ms (median of ${visits})`,
    );
    console.log(`| ${'use'.padEnd(32)} | frames/s | longest task over 50 ms | trains | draws |`);
    console.log(`|${'-'.repeat(34)}|----------|-------------------------|--------|-------|`);
    for (const [name, use] of Object.entries(uses)) {
      const { frames, longest, trains, draws } = await run(browser, throttle, use);
      const task = longest > 0 ? `${longest.toFixed(0)} ms` : 'none';
      const cells = [
        name.padEnd(32),
        frames.toFixed(1).padStart(8),
        task.padStart(23),
        percent(trains).padStart(6),
        percent(draws).padStart(5),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
    console.log('');
  }
} finally {
  await browser.close();
  server.kill();
}
