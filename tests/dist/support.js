// What the tests of the distribution share: where it is, servers for it, and what PyTorch printed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from '@playwright/test';

export { expect };

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const dist = join(root, 'build/dist');
export const site = join(dist, 'site');
export const toolsFolder = fileURLToPath(new URL('node_modules/', import.meta.url));

const { runs } = JSON.parse(readFileSync(join(root, 'tests/fixtures/pytorch.json'), 'utf8'));

/** The lines that PyTorch's notebook printed. @param {number} seed */
export const pytorchLines = (seed) => runs.find(({ name }) => name === `notebook, seed ${seed}`).lines.join('\n');

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** @typedef {{ url: string, port: number, bytes: () => number, requests: string[], close: () => Promise<void>, folder: string }} Server */

/** Runs a test with servers that end with it, and with a page whose console stays clean. */
export const test = base.extend({
  /** Console messages that a test provokes on purpose. */
  allowed: [/^$/, { option: true }],
  complaints: [
    async ({ context, allowed }, use) => {
      const complaints = [];
      const complain = (text) => allowed.test(text) || complaints.push(text);
      context.on('console', (message) => ['error', 'warning'].includes(message.type()) && complain(message.text()));
      context.on('weberror', (error) => complain(`uncaught: ${error.error().message}`));
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  /** Serves a folder: serve(folder, { headers, answer }) */
  serve: async ({}, use) => {
    const servers = [];
    await use(async (folder, how) => {
      servers.push(await serveFolder(folder, how));
      return servers.at(-1);
    });
    await Promise.all(servers.map((server) => server.close()));
  },
});

/**
 * @param {string} folder
 * @param {{ headers?: Record<string, string>, answer?: (path: string, response: import('node:http').ServerResponse) => boolean }} [how]
 *   headers of every response, and a chance to answer a request otherwise
 * @returns {Promise<Server>}
 */
async function serveFolder(folder, { headers = {}, answer = () => false } = {}) {
  const requests = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    if (path === '/favicon.ico') return void response.writeHead(204).end(); // which browsers ask for by themselves
    requests.push(path);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (answer(path, response)) return;
    const file = join(handle.folder, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    if (!response.hasHeader('content-type')) response.setHeader('content-type', types[extname(file)] ?? 'text/plain');
    response.end(readFileSync(file));
  });
  server.listen(0); // on localhost and 127.0.0.1, which are two sites
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const handle = {
    folder,
    port,
    url: `http://localhost:${port}/`,
    requests,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
  return handle;
}

/**
 * Starts a server program on a free port, and waits until it answers. That something listens there does not say so: such
 * programs look themselves whether the port is free, and listen for a moment to find out.
 * @param {string} program
 * @param {(port: number) => string[]} options
 * @param {string} [host]
 */
export async function startServer(program, options, host = 'localhost') {
  const port = await freePort();
  const server = spawn(program, options(port), {
    stdio: 'ignore',
    env: { ...process.env, NODE_ENV: '' },
  });
  const url = `http://${host}:${port}/`;
  for (let i = 0; !(await answers(url)); ++i) {
    if (i === 100) throw new Error(`${program} does not answer`);
    await pause(100);
  }
  return { port, url, close: () => server.kill() };
}

async function freePort() {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param {string} url */
const answers = (url) =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Opens a page with a script of the element and what is given.
 * @param {import('@playwright/test').Page} page @param {(folder: string, how?: object) => Promise<Server>} serve
 * @param {string} [html] @param {number} [wasm] the status with which the engine's files are refused
 */
export async function openElement(page, serve, html = '<linreg-lab seed="42"></linreg-lab>', wasm) {
  const server = await serve(site, {
    headers: { 'access-control-allow-origin': '*' },
    answer: (path, response) => {
      if (wasm && path.endsWith('.wasm')) response.writeHead(wasm).end();
      if (path !== '/host.html') return response.writableEnded;
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><html lang="en"><body>${html}<script type="module" src="linreg-lab.js"></script>`);
      return true;
    },
  });
  await page.goto(`${server.url}host.html`);
  return page.locator('linreg-lab').first();
}

/** Runs the notebook in a lesson and checks its lines. @param {import('@playwright/test').Page | import('@playwright/test').Frame} page */
export async function runLesson(page, seed = 42) {
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  await page.locator('#speed').selectOption('fast');
  await page.locator('[data-action=toggle]').click();
  await expect(page.locator('#output-train')).toHaveText(pytorchLines(seed));
}

/** Runs the notebook in a lab and checks its lines. @param {import('@playwright/test').Page | import('@playwright/test').Frame} page */
export async function runLab(page, seed = 42) {
  await expect(page.locator('linreg-lab .transport')).toHaveAttribute('data-status', 'ready');
  await page.locator('linreg-lab #speed').selectOption('fast');
  await page.locator('linreg-lab [data-action=toggle]').click();
  await expect(page.locator('linreg-lab .transport')).toHaveAttribute('data-status', 'finished');
  const log = () => page.locator('linreg-lab').evaluate(({ lab }) => lab.trainer.log.join('\n'));
  await expect.poll(log).toBe(pytorchLines(seed));
}
