// The site on servers as they are found: offline after the first visit, whole after an update, and as light as is printed.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { visits } from '../../tools/sizes.mjs';
import { expect, root, runLesson, site, startServer, test, toolsFolder } from './support.js';

/** Waits until the service worker has kept the site. @param {import('@playwright/test').Page} page */
const kept = (page) => page.evaluate(async () => void (await navigator.serviceWorker.ready));

test('after the first visit it works without a network', async ({ page, context, serve }) => {
  const server = await serve(site);
  await page.goto(`${server.url}#seed=42`);
  await kept(page);
  await server.close();
  await page.goto('about:blank');
  await page.goto(`${server.url}#seed=42`);
  await runLesson(page);
  await page.goto(`${server.url}index.html?from=book#seed=123`);
  await runLesson(page, 123);
  expect(await context.newPage().then((other) => other.goto(`${server.url}nowhere.html`).catch(() => 'refused'))).toBe(
    'refused',
  );
});

test.describe('without SIMD', () => {
  // The page names the other engine for an early start, which here comes to nothing.
  test.use({ allowed: /Failed to load resource: net::ERR_FAILED/ });
  test('the scalar engine is kept', async ({ page, context, serve }) => {
    // Inside the service worker too, which no script of the page reaches.
    const noSimd = 'WebAssembly.validate = () => false;\n';
    const server = await serve(site, {
      answer: (path, response) => {
        if (path !== '/service_worker.js') return false;
        response.setHeader('content-type', 'text/javascript');
        response.end(noSimd + readFileSync(join(site, path), 'utf8'));
        return true;
      },
    });
    await context.addInitScript(noSimd);
    await page.goto(`${server.url}#seed=42`);
    await kept(page);
    await server.close();
    await page.goto('about:blank');
    await page.goto(`${server.url}#seed=42`);
    await runLesson(page);
  });
});

test.describe('an update', () => {
  /** Another version of the site: other names for the same engine and script, and other pages. @param {string} folder */
  function changeSite(folder, title) {
    const names = readdirSync(join(folder, 'assets')).filter((name) => !/\.(br|gz)$/.test(name));
    const renamed = Object.fromEntries(names.map((name) => [name, name.replace(/(\.\w+)$/, `${title}$1`)]));
    const texts = ['index.html', 'service_worker.js', ...names.map((name) => `assets/${name}`)].filter(
      (name) => !name.endsWith('.wasm'),
    );
    for (const name of texts) {
      let text = readFileSync(join(folder, name), 'utf8');
      for (const [old, other] of Object.entries(renamed)) text = text.replaceAll(old, other);
      if (name === 'index.html') text = text.replace(/<body>(<b.*<\/b>)?/, `<body><b id="version">${title}</b>`);
      if (name === 'service_worker.js') text = text.replace(/version:"\w+"/, `version:"${title}"`);
      writeFileSync(join(folder, name), text);
    }
    for (const [old, other] of Object.entries(renamed)) {
      cpSync(join(folder, 'assets', old), join(folder, 'assets', other));
      rmSync(join(folder, 'assets', old));
    }
  }

  test('is shown at the next visit, and an open page of the old version stays whole', async ({
    page,
    context,
    serve,
  }, info) => {
    const folder = info.outputPath('site');
    cpSync(site, folder, { recursive: true });
    const server = await serve(folder);
    await page.goto(`${server.url}#seed=42`);
    await kept(page);
    await page.reload(); // now through the service worker

    changeSite(folder, 'second');
    const other = await context.newPage();
    await other.goto(`${server.url}#seed=123`);
    await expect(other.locator('#version')).toHaveText('second');
    await runLesson(other, 123);
    const versions = async () => (await page.evaluate('caches.keys()')).map((name) => name.split(' ').pop());
    await expect.poll(versions).toHaveLength(2);
    expect((await versions())[1]).toBe('second');

    // The old page's files are gone from the server; what it still may load is kept.
    const loads = await page.evaluate(async () => {
      const urls = performance.getEntriesByType('resource').map(({ name }) => name);
      const assets = urls.filter((url) => url.includes('/assets/'));
      return Promise.all(assets.map(async (url) => (await fetch(url)).status));
    });
    expect(loads.length).toBeGreaterThan(3);
    expect(new Set(loads)).toEqual(new Set([200]));
    await runLesson(page);

    // Two versions later the first is forgotten, and the newest works without a network.
    changeSite(folder, 'third');
    await other.goto('about:blank');
    await other.goto(`${server.url}#seed=42`);
    await expect(other.locator('#version')).toHaveText('third');
    await expect.poll(versions).toEqual(['second', 'third']);
    await server.close();
    await other.goto('about:blank');
    await other.goto(`${server.url}#seed=42`);
    await expect(other.locator('#version')).toHaveText('third');
    await runLesson(other);
  });
});

test('a page that the server fails to give is shown as it was', async ({ page, serve }) => {
  let broken = false;
  const server = await serve(site, { answer: (_, response) => broken && Boolean(response.writeHead(503).end()) });
  await page.goto(`${server.url}#seed=42`);
  await kept(page);
  broken = true;
  await page.goto('about:blank');
  await page.goto(`${server.url}#seed=42`);
  await runLesson(page);
});

test('no service worker in a frame', async ({ page, serve }) => {
  const server = await serve(site, {
    answer: (path, response) =>
      path === '/host.html' &&
      Boolean(
        response
          .setHeader('content-type', 'text/html')
          .end('<iframe src="/#seed=42" width="900" height="900"></iframe>'),
      ),
  });
  await page.goto(`${server.url}host.html`);
  await runLesson(page.frames()[1]);
  expect(server.requests).not.toContain('/service_worker.js');
});

/** nginx with the settings that docs/ gives, and all that it writes below a folder. @param {number} port */
function nginxOptions(port) {
  const folder = join(root, 'build/nginx');
  mkdirSync(folder, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`);
  const server = `listen 127.0.0.1:${port}; root ${site};\n${readFileSync(join(root, 'docs/nginx.conf'), 'utf8')}`;
  const settings = `daemon off; master_process off; pid ${folder}/${port}.pid; error_log ${folder}/error.log;
events {}
http { access_log off; ${temporary.join(' ')}
server { ${server} } }`;
  writeFileSync(join(folder, `${port}.conf`), settings);
  return ['-e', join(folder, 'error.log'), '-p', folder, '-c', join(folder, `${port}.conf`)];
} // prettier-ignore

/** @type {Record<string, [string, (port: number) => string[], string?]>} */
const servers = {
  sirv: [process.execPath, (port) => [join(root, 'node_modules/sirv-cli/bin.js'), site, '--quiet', '--host', 'localhost', '--port', String(port), '--gzip', '--brotli', '--etag']],
  serve: [process.execPath, (port) => [join(toolsFolder, 'serve/build/main.js'), site, '--no-clipboard', '--no-request-logging', '--listen', `tcp://localhost:${port}`]],
  nginx: [process.env.LINREG_NGINX ?? 'nginx', nginxOptions, '127.0.0.1'],
}; // prettier-ignore

for (const [name, how] of Object.entries(servers))
  test(`on ${name}: right types, compressed, kept for ever or asked for anew, and the query stays`, async ({ page }) => {
    const server = await startServer(...how);
    try {
      await page.goto(`${server.url}?from=book#seed=42`);
      await runLesson(page);
      const { redirected, status } = await fetch(`${server.url}index.html?from=book`);
      expect({ redirected, status }).toEqual({ redirected: false, status: 200 });
      for (const file of readdirSync(join(site, 'assets')).filter((file) => /\.(js|css|wasm)$/.test(file))) {
        const response = await fetch(`${server.url}assets/${file}`);
        expect(response.headers.get('content-type')).toMatch(/javascript|css|wasm/);
        const isSmall = statSync(join(site, 'assets', file)).size < 1000;
        if (!isSmall && (!file.endsWith('.wasm') || name !== 'serve')) // which compresses no WebAssembly
          expect(response.headers.get('content-encoding'), file).toMatch(/br|gzip/);
        if (name !== 'sirv') expect(response.headers.get('cache-control')).toContain('immutable');
        expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(join(site, 'assets', file)));
      }
      if (name === 'sirv') return; // it has no settings for these
      for (const file of ['', 'embed.html', 'service_worker.js', 'linreg-lab.js', 'anywidget.mjs']) {
        const { headers } = await fetch(server.url + file);
        expect(headers.get('cache-control'), file).toBe('no-cache');
        expect(headers.get('access-control-allow-origin'), file).toBe('*');
        expect(headers.get('content-type'), file).toMatch(/html|javascript/);
        const etag = headers.get('etag') ?? '';
        expect((await fetch(server.url + file, { headers: { 'if-none-match': etag } })).status, file).toBe(304);
      }
    } finally {
      server.close();
    }
  }); // prettier-ignore

test('a visit costs what is printed', async ({ page }) => {
  const server = await startServer(...servers.sirv);
  const counter = await countingProxy(server.port);
  try {
    const predicted = visits(site, loadedFiles()).brotli;
    await page.goto(`${counter.url}#seed=42`);
    await runLesson(page);
    await kept(page);
    const first = counter.take();
    expect(first).toBeLessThanOrEqual(predicted.first);
    expect(first).toBeGreaterThan(0.9 * predicted.first);
    await page.goto('about:blank');
    await page.goto(`${counter.url}#seed=42`);
    await runLesson(page);
    await page.waitForTimeout(500); // for what the service worker asks afterwards
    expect(counter.take()).toBeLessThanOrEqual(predicted.repeat);
  } finally {
    counter.close();
    server.close();
  }
});

/** What the service worker names as the site's files. */
function loadedFiles() {
  const code = readFileSync(join(site, 'service_worker.js'), 'utf8');
  const list = (name) =>
    JSON.parse(/** @type {RegExpExecArray} */ (new RegExp(`${name}:(\\[[^\\]]*\\])`).exec(code))[1]);
  return { pages: list('pages'), assets: list('assets'), simd: list('simd'), scalar: list('scalar') };
}

/** Counts what comes from a port. @param {number} target */
async function countingProxy(target) {
  let bytes = 0;
  const proxy = createServer((socket) => {
    const server = connect(target, 'localhost');
    server.on('data', (data) => (bytes += data.length));
    for (const end of [socket, server]) end.on('error', () => {});
    socket.pipe(server).pipe(socket);
  });
  proxy.listen(0, 'localhost');
  await once(proxy, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  const take = () => {
    const taken = bytes;
    bytes = 0;
    return taken;
  };
  return { url: `http://localhost:${port}/`, take, close: () => proxy.close() };
}

test('every file that is served for ever has its content’s hash in its name', () => {
  for (const name of readdirSync(join(site, 'assets')))
    expect(name).toMatch(/-\w{8,10}\.(js|css|wasm|svg)(\.br|\.gz)?$/);
  expect(
    readdirSync(site)
      .filter((name) => statSync(join(site, name)).isFile())
      .join(' '),
  ).not.toMatch(/\.(js|css)(?<!service_worker\.js)$/);
});
