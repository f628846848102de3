// Measures the built page in headless Chromium: how soon it is there, how smooth it runs with every view shown, the
// longest task, what share of a second trains and what share draws, and its size. Read bench/README.md for the rows.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { sixViews, uses } from './page_uses.mjs';

const site = 'build/site';
const port = Number(process.env['LINREG_TEST_PORT'] ?? 8931);
const origin = `http://localhost:${port}/`;
const seconds = 4; // of each kind of use
const visits = 9;
const patience = 30_000; // milliseconds for a lab to start
/** What is asked of the lab, by how many times the CPU is slowed down. The frames are those of six views live and many losses. */
const targets = { paint: { 4: 200 }, ready: { 4: 500 }, task: { 1: 50 }, frames: { 1: 58, 4: 30 } };
const [lab, playing] = ['the lab by itself', '10,000 losses'];
/** @type {string[]} */
const missed = [];
const pages = { [lab]: 'embed.html#seed=42', 'the lesson': '#seed=42' };
/** What is there before any page of ours: one with a word in it. */
const word = { path: 'word.html', html: '<!doctype html><html lang="en"><title>word</title><p>word</p></html>' };
// By hand: `--page 4 dragged` measures only what is dragged, and only on a CPU slowed down four times.
const given = process.argv.slice(2);
const throttles = given.map(Number).filter((number) => number >= 1);
const words = given.filter((word) => Number.isNaN(Number(word)));
const chosen = Object.entries(uses).filter(([name]) => words.every((word) => name.includes(word)));

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./page_uses.mjs').Use} Use */

/** @typedef {{ longest: number, paint: number, ready: number, frames: number }} Seen what a page has counted; its global linregSeen */

/** What every page counts from its start. */
function count() {
  const seen = { longest: 0, paint: 0, ready: 0, frames: 0 };
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
    if (seen.paint === 0 && status) setTimeout(() => (seen.paint ||= performance.now())); // once this frame is painted
    if (seen.ready === 0 && status && status !== 'loading') {
      seen.ready = performance.now();
      setTimeout(() => Reflect.get(globalThis, 'linregStarted')('')); // by then it is also painted
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** @param {import('playwright-core').Browser} browser @param {number} throttle @param {string} path */
async function open(browser, throttle, path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  await page.addInitScript(count);
  await page.route(origin + word.path, (route) => route.fulfill({ contentType: 'text/html', body: word.html }));
  await page.goto(`${origin}favicon.svg`); // the start of the browser's own process is not the page's
  // Asked by waitForFunction, the page would first have to take in Playwright's own script: a tenth of a second, slowed 4 x.
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: 'linregStarted' });
  const started = new Promise((resolve) => session.once('Runtime.bindingCalled', resolve));
  await page.goto(origin + path);
  if (path === word.path) await page.waitForTimeout(500);
  else await Promise.race([started, page.waitForTimeout(patience).then(() => fail(`${path} does not start`))]);
  return { page, session, close: () => context.close() };
}

/** @param {string} what @returns {never} */
function fail(what) {
  throw new Error(what);
}

/** @param {Page} page @returns {Promise<Seen>} */
const seen = (page) => page.evaluate(() => ({ ...Reflect.get(globalThis, 'linregSeen') }));

/**
 * @param {keyof typeof targets} what @param {number} throttle @param {string} name of the page or the use @param {number} value
 */
function judge(what, throttle, name, value) {
  const target = /** @type {Record<number, number>} */ (targets[what])[throttle];
  if (target === undefined || (what === 'frames' ? value >= target : value < target)) return;
  missed.push(`${name}, CPU slowed ${throttle} x: ${what} ${value.toFixed(1)}, the target is ${target}`);
}

/** @param {number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/** First paint, the lab's first paint and its readiness over several fresh visits. @param {import('playwright-core').Browser} browser @param {number} throttle @param {string} path */
async function start(browser, throttle, path) {
  /** @type {Record<'first' | 'paint' | 'ready', number[]>} */
  const times = { first: [], paint: [], ready: [] };
  for (let i = 0; i < visits; ++i) {
    const { page, close } = await open(browser, throttle, path);
    const first = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN;
    times.first.push(await page.evaluate(first));
    const { paint, ready } = await seen(page);
    times.paint.push(paint);
    times.ready.push(ready);
    await close();
  }
  return { first: median(times.first), paint: median(times.paint), ready: median(times.ready) };
}

/** @param {import('playwright-core').Browser} browser @param {number} throttle @param {Use} use */
async function run(browser, throttle, { hash, views, speed, before, during }) {
  const { page, session, close } = await open(browser, throttle, hash);
  const names = views ? `${sixViews},${views}` : sixViews;
  await page.evaluate((view) => document.querySelector('linreg-lab')?.setAttribute('view', view), names);
  await page.waitForTimeout(1500);
  await page.locator('.transport[data-playing=false]').waitFor(); // it is at the step that it was asked for
  await page.locator('linreg-lab').scrollIntoViewIfNeeded();
  await before?.(page);
  if (speed) {
    await page.locator('#speed').selectOption(speed);
    await page.locator('[data-action=toggle]').click();
    await page.locator('.transport[data-playing=true]').waitFor();
  }
  await page.waitForTimeout(1000);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 1000 });
  await session.send('Profiler.start');
  const first = await page.evaluate(() => {
    const counted = Reflect.get(globalThis, 'linregSeen');
    counted.longest = 0;
    return { ...counted };
  });
  const from = Date.now();
  const over = () => Date.now() - from >= seconds * 1000;
  if (during) await during(page, over);
  else await page.waitForTimeout(seconds * 1000);
  const last = await seen(page);
  const stopped = speed && !during && (await page.locator('.transport[data-playing=true]').count()) === 0;
  if (stopped) fail(`${hash} does not play any longer: frames in which nothing happens are not measured`);
  const elapsed = (Date.now() - from) / 1000;
  const { profile } = await session.send('Profiler.stop');
  await close();
  return { frames: (last.frames - first.frames) / elapsed, longest: last.longest, ...shares(profile) };
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
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium-headless-shell',
  args,
});
try {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  console.log(
    `Chromium ${browser.version()}, ${size().toFixed(1)} KB brotli for script, WebAssembly, styles and both languages\n`,
  );
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(0)} %`;
  for (const throttle of throttles.length > 0 ? throttles : [1, 4]) {
    console.log(`CPU slowed ${throttle} x`);
    const floor = await start(browser, throttle, word.path);
    console.log(`a page of one word: first paint ${floor.first.toFixed(0)} ms`);
    for (const [name, path] of Object.entries(pages)) {
      const { first, paint, ready } = await start(browser, throttle, path);
      if (name === lab) judge('paint', throttle, name, paint);
      if (name === lab) judge('ready', throttle, name, ready);
      console.log(
        `${name}: first paint ${first.toFixed(0)} ms, the lab painted ${paint.toFixed(0)} ms, ready ${ready.toFixed(0)} ms (median of ${visits} visits)`,
      );
    }
    console.log(`| ${'use'.padEnd(32)} | frames/s | longest task over 50 ms | trains | draws |`);
    console.log(`|${'-'.repeat(34)}|----------|-------------------------|--------|-------|`);
    for (const [name, use] of chosen) {
      const { frames, longest, trains, draws } = await run(browser, throttle, use);
      judge('task', throttle, name, longest);
      if (name === playing) judge('frames', throttle, name, frames);
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
  console.log(missed.length > 0 ? `missed:\n${missed.join('\n')}` : 'every target was met');
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await browser.close();
  server.kill();
}
