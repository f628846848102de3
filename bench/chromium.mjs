// Runs measure.mjs in headless Chromium, in a page of a server of its own.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {Record<string, string>} */
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** The files below the project's folder, and an empty page. */
function serve() {
  const server = createServer(async (request, response) => {
    const file = path.join(root, path.normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)));
    const page = file === root;
    const body = page ? '<!doctype html><title>bench</title>' : await readFile(file).catch(() => undefined);
    const type = page ? 'text/html' : (types[path.extname(file)] ?? 'application/octet-stream');
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  return /** @type {Promise<{ url: string, close: () => void }>} */ (
    new Promise((resolve) => {
      server.listen(0, 'localhost', () => {
        const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
        resolve({ url: `http://localhost:${port}/`, close: () => server.close() });
      });
    })
  );
}

/** @returns {Promise<{ version: string } & Awaited<ReturnType<typeof import('./measure.mjs').measure>>>} */
export async function measureInChromium() {
  const server = await serve();
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const measured = await page.evaluate(async () => {
      const at = (/** @type {string} */ file) => import(new URL(file, location.href).href);
      const { measure } = await at('bench/measure.mjs');
      return measure(async (/** @type {boolean} */ simd) =>
        (await at(`build/wasm-${simd ? 'simd' : 'scalar'}/bench/linreg_bench_module.mjs`)).default(),
      );
    });
    return { version: browser.version(), ...measured };
  } finally {
    await browser.close();
    server.close();
  }
}
