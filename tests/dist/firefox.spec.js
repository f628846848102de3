// The same hosts in Firefox ESR: the same numbers, or what is missing. Playwright drives no plain Firefox, so puppeteer does.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
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
import { dist, expect, pytorchLines, site, test } from './support.js';

/** @type {import('puppeteer-core').Browser} */ let firefox;
test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  const executablePath = process.env.LINREG_FIREFOX ?? '/usr/bin/firefox-esr';
  // As readers have it: puppeteer would let files read other files.
  const extraPrefsFirefox = { 'security.fileuri.strict_origin_policy': true };
  firefox = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox });
});
test.afterAll(() => firefox.close());

/** Trains the labs of a page or frame. @param {import('puppeteer-core').Page | import('puppeteer-core').Frame} page */
async function trained(page) {
  await ready(page);
  return (await page.evaluate(trainAll)).join('\n\n');
}

/** Whether it can run, and shows it. @param {import('puppeteer-core').Page | import('puppeteer-core').Frame} page */
const ready = (page) =>
  page.waitForFunction(
    () => document.querySelector('linreg-lab')?.shadowRoot?.querySelector('.transport')?.dataset.status === 'ready',
  );

/** @param {(page: import('puppeteer-core').Page) => Promise<void>} use @param {RegExp} [allowed] complaints that the test provokes */
async function onPage(use, allowed = /^$/) {
  const page = await firefox.newPage();
  const complaints = [];
  page.on('pageerror', ({ message }) => allowed.test(message) || complaints.push(message));
  await use(page);
  await page.close();
  expect(complaints).toEqual([]);
}

/** Hosts in which all is well. @type {Record<string, (serve: any) => Promise<import('./support.js').Server>>} */
const good = {
  'a strict policy with Trusted Types': (serve) => serveHost(serve, element, { headers: { 'content-security-policy': strictPolicy } }),
  'a module from another site': async (serve) => {
    const { url } = await serve(site, { headers: anyOrigin });
    return serveHost(serve, module(`${url.replace('localhost', '127.0.0.1')}linreg-lab.js`) + lab);
  },
  'the package’s own files, not bundled': async (serve) => {
    const { url } = await serve(join(dist, 'npm'), { headers: anyOrigin });
    return serveHost(serve, module(`${url}linreg-lab.js`) + lab);
  },
  'a wrong type for the WebAssembly': (serve) => {
    const wasm = (response, file) => response.setHeader('content-type', 'text/html').end(file);
    return serveHost(serve, element, { wasm });
  },
  'denied storage': (serve) => serveHost(serve, deniedStorage + element),
  'replaced prototypes': (serve) => serveHost(serve, replacedPrototypes + element),
  'two versions': async (serve) => {
    const { url } = await serve(join(dist, 'npm'), { headers: anyOrigin });
    return serveHost(serve, module() + module(`${url}linreg-lab.js`) + lab);
  },
  'fifty labs': (serve) => serveHost(serve, module() + lab.repeat(50)),
}; // prettier-ignore

for (const [name, open] of Object.entries(good))
  test(name, async ({ serve }) => {
    const server = await open(serve);
    await onPage(async (page) => {
      await page.goto(`${server.url}host.html`);
      expect(await trained(page)).toBe(pytorchLines(42));
    });
  });

test('without SIMD', async ({ serve }) => {
  const server = await serveHost(serve, withoutSimd + element);
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    expect(await trained(page)).toBe(pytorchLines(42));
    expect(server.requests.filter((path) => path.endsWith('.wasm'))).toEqual([expect.stringContaining('scalar')]);
  });
});

/** Hosts in which it cannot train, and what it says. @type {Record<string, { how: object, lang?: string, words: string, complaint?: RegExp }>} */
const bad = {
  'a policy that forbids WebAssembly': {
    how: { headers: { 'content-security-policy': noWasmPolicy } },
    words: 'content security policy forbids WebAssembly',
    complaint: /settings blocked WebAssembly/,
  },
  'a policy that forbids WebAssembly (zh-CN)': {
    how: { headers: { 'content-security-policy': noWasmPolicy } },
    lang: 'zh-CN',
    words: '内容安全策略禁止 WebAssembly',
    complaint: /settings blocked WebAssembly/,
  },
  'missing WebAssembly': { how: { wasm: (response) => response.writeHead(404).end() }, words: 'status 404' },
};

for (const [name, { how, lang = 'en', words, complaint }] of Object.entries(bad))
  test(`${name} is told of`, async ({ serve }) => {
    const server = await serveHost(serve, `<div lang="${lang}">${element}</div>`, how);
    await onPage(async (page) => {
      await page.goto(`${server.url}host.html`);
      const told = () => document.querySelector('linreg-lab')?.shadowRoot?.querySelector('.failed')?.textContent;
      await page.waitForFunction(`(${told})()`);
      expect(await page.evaluate(told)).toContain(words);
      expect(await page.evaluate(() => document.querySelector('linreg-lab').innerText)).toContain('no lab here');
    }, complaint);
  });

test('missing WebAssembly that comes at last: Retry takes it', async ({ serve }) => {
  let missing = true;
  const wasm = (response, file) => (missing ? response.writeHead(404).end() : response.end(file));
  const server = await serveHost(serve, element, { wasm });
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    const retry = () => document.querySelector('linreg-lab')?.shadowRoot?.querySelector('.failed button');
    await page.waitForFunction(`(${retry})()`);
    missing = false;
    await page.evaluate(`(${retry})().click()`);
    expect(await trained(page)).toBe(pytorchLines(42));
  });
});

test('a missing script: what the author put inside the element is seen', async ({ serve }) => {
  const server = await serveHost(serve, module('gone.js') + lab);
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    expect(await page.evaluate(() => document.querySelector('linreg-lab').innerText)).toBe('no lab here');
  }, /gone\.js/);
});

test('a page that already has an element of that name keeps it', async ({ serve }) => {
  const server = await serveHost(serve, ownElement + element);
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`, { waitUntil: 'networkidle0' });
    expect(server.requests).toContain('/linreg-lab.js');
    expect(await page.evaluate(() => document.querySelector('linreg-lab').own)).toBe(true);
  });
});

test('a host that asks how wide the lab wants to be', async ({ serve }) => {
  const server = await serveHost(serve, boxed());
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    await ready(page);
    expect(await page.evaluate(widths)).toEqual({ labs: 24, bad: [] });
  });
});

test('a host whose styles mean harm', async ({ serve }) => {
  const looks = [];
  for (const styles of ['', hostileStyles]) {
    const server = await serveHost(serve, styles + element);
    await onPage(async (page) => {
      await page.goto(`${server.url}host.html`);
      await ready(page);
      looks.push(await page.evaluate(look));
    });
  }
  expect(looks[1]).toEqual(looks[0]);
});

test('printed', async ({ serve }) => {
  const server = await serveHost(serve, element);
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    await trained(page);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });
});

test('sandboxed frames, as high as their content', async ({ serve }) => {
  const frames = ['', 'allow-same-origin', 'allow-downloads'].map(
    (more) => `<iframe src="embed.html?seed=42" sandbox="allow-scripts ${more}" width="800"></iframe>`,
  );
  const server = await serveHost(serve, `${frames.join('')}<script src="linreg-lab-host.js"></script>`);
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    await page.waitForFunction(() => [...document.querySelectorAll('iframe')].every((it) => it.clientHeight > 400));
    for (const frame of page.frames().slice(1)) expect(await trained(frame)).toBe(pytorchLines(42));
  });
});

test('off-screen, in a frame of another site, an awaited run still ends', async ({ serve }) => {
  const { url } = await serve(site, { headers: anyOrigin });
  const src = `${url.replace('localhost', '127.0.0.1')}embed.html?seed=42`;
  const server = await serveHost(serve, `<p style="height: 5000px">far above</p><iframe src="${src}" width="800"></iframe>`);
  await onPage(async (page) => {
    await page.goto(`${server.url}host.html`);
    expect(await trained(page.frames()[1])).toBe(pytorchLines(42));
  });
}); // prettier-ignore

test('the one file, from a disk', async () => {
  await onPage(async (page) => {
    await page.goto(`${pathToFileURL(join(dist, 'linreg-lab.html'))}#seed=42`);
    expect(await trained(page)).toBe(pytorchLines(42));
  });
});

test('the site, from a disk, says what is missing and leads to the one file', async () => {
  await onPage(async (page) => {
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    const link = await page.waitForSelector('#not-started a[href="linreg-lab.html"]', { visible: true });
    await Promise.all([page.waitForNavigation(), link?.click()]);
    await ready(page);
  }, /^Cross-Origin Request Blocked/);
});
