// The lab in frames: what it says to the page around it, and what it listens to.
import { expect, pytorchLines, runLab, site, test } from './support.js';

/** Serves the site and, as host.html, a page around it. @param {(url: string) => string} body */
const serveWithHost = async (serve, body, how = {}) => {
  const server = await serve(site, {
    ...how,
    answer: (path, response) => {
      if (path !== '/host.html') return false;
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><html lang="en"><title>book</title><body>${body(server.url)}`);
      return true;
    },
  });
  return server;
};

const frame = (src, more = '') => `<iframe src="${src}" title="lab" width="800" ${more}></iframe>`;
const hostScript = '<script src="linreg-lab-host.js"></script>';

/** The content's height inside a frame, and the room for it. @param {import('@playwright/test').Page} page */
const heights = (page, index = 0) =>
  page.frames()[index + 1].evaluate(() => {
    const inner = Math.ceil(document.body.getBoundingClientRect().height);
    return { outer: innerHeight, inner };
  });

test('a frame is as high as its content, and follows it, each frame its own', async ({ page, serve }) => {
  const server = await serveWithHost(
    serve,
    () =>
      frame('embed.html?seed=42&id=one') +
      frame('embed.html?seed=1&view=loss', 'style="box-sizing: border-box; padding: 20px"') +
      hostScript,
  );
  await page.goto(`${server.url}host.html`);
  for (const index of [0, 1]) {
    const lab = page.frames()[index + 1];
    await expect(lab.locator('.transport')).toHaveAttribute('data-status', 'ready');
    const same = async () => {
      const { outer, inner } = await heights(page, index);
      return inner > 300 && outer === inner;
    };
    await expect.poll(same).toBe(true);
    const before = (await heights(page, index)).inner;
    await lab.locator('details.more summary').click();
    await expect.poll(async () => (await heights(page, index)).inner).toBeGreaterThan(before);
    await expect.poll(same).toBe(true);
    await lab.locator('details.more summary').click();
    await expect.poll(async () => (await heights(page, index)).outer).toBe(before); // it shrinks again
  }
});

test('a height is told by the name that the frame has by then', async ({ page, serve }) => {
  const server = await serveWithHost(serve, () => frame('embed.html#id=one'));
  await page.goto(`${server.url}host.html`);
  await expect(page.frames()[1].locator('.transport')).toHaveAttribute('data-status', 'ready');
  const told = await page.evaluate(async () => {
    const { contentWindow } = document.querySelector('iframe');
    const nextId = () => {
      const heard = new Promise((resolve) => {
        addEventListener('message', ({ data }) => data.type === 'linreg-lab:resize' && resolve(data.id));
      });
      contentWindow.postMessage({ type: 'linreg-lab:hello' }, '*');
      return heard;
    };
    const first = await nextId();
    contentWindow.location.hash = 'id=two';
    await new Promise((resolve) => setTimeout(resolve, 500));
    return [first, await nextId()];
  });
  expect(told).toEqual(['one', 'two']);
});

test('a host script that comes late still learns the height', async ({ page, serve }) => {
  const server = await serveWithHost(serve, () => frame('embed.html?seed=42'));
  await page.goto(`${server.url}host.html`);
  await expect(page.frames()[1].locator('.transport')).toHaveAttribute('data-status', 'ready');
  await page.waitForTimeout(300);
  await page.addScriptTag({ url: 'linreg-lab-host.js' });
  await expect.poll(async () => (await heights(page)).outer === (await heights(page)).inner).toBe(true);
});

test('a height that another window sends is not taken for a frame’s', async ({ page, serve }) => {
  const server = await serveWithHost(serve, () => frame('about:blank', 'height="77"') + hostScript);
  await page.goto(`${server.url}host.html`);
  for (const height of [999, -5, 1e9, '300px', null]) {
    await page.evaluate((height) => postMessage({ type: 'linreg-lab:resize', id: '', height }, '*'), height);
  }
  for (const height of [-5, 1e9, NaN, '12; background: red'])
    await page.frames()[1].evaluate((height) => parent.postMessage({ type: 'linreg-lab:resize', height }, '*'), height);
  await page.waitForTimeout(100);
  expect((await heights(page)).outer).toBe(77);
});

test('Observable, Embedly, Canvas and H5P hear what they listen to', async ({ page, serve }) => {
  const server = await serveWithHost(serve, () => `<script>
    const heard = [];
    addEventListener('message', ({ source, data, origin }) => {
      heard.push(data);
      if (data.context !== 'h5p') return;
      // As h5p-resizer.js answers.
      if (data.action === 'hello') source.postMessage({ context: 'h5p', action: 'hello' }, origin);
      if (data.action === 'prepareResize') source.postMessage({ context: 'h5p', action: 'resizePrepared' }, origin);
    });
  </script>${frame('embed.html?seed=42&id=lab-7')}`); // prettier-ignore
  await page.goto(`${server.url}host.html`);
  await expect(page.frames()[1].locator('.transport')).toHaveAttribute('data-status', 'ready');
  await page.waitForTimeout(300);
  const height = (await heights(page)).inner;
  const heard = await page.evaluate('heard');
  const last = (matches) => heard.filter(matches).at(-1);
  expect(last((data) => data.type === 'linreg-lab:resize')).toEqual({ type: 'linreg-lab:resize', id: 'lab-7', height });
  expect(last((data) => data.subject === 'lti.frameResize')).toEqual({ subject: 'lti.frameResize', height });
  const embedly = JSON.parse(last((data) => typeof data === 'string'));
  expect(embedly).toEqual({ src: `${server.url}embed.html?seed=42&id=lab-7`, context: 'iframe.resize', height });
  expect(last((data) => data.action === 'resize')).toMatchObject({ context: 'h5p', scrollHeight: height });
  // Observable's listener takes the height of any message of the frame: the last one must have it.
  expect(heard.at(-1).height).toBe(height);
});

test('alone in its tab it tells nobody', async ({ page, serve }) => {
  const server = await serve(site);
  await page.addInitScript(() => addEventListener('message', ({ data }) => (globalThis.heard ??= []).push(data)));
  await page.goto(`${server.url}embed.html?seed=42`);
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  expect(await page.evaluate('globalThis.heard')).toBeUndefined();
});

test('the address sets it up; what it cannot use is named once', async ({ page, serve }) => {
  const server = await serve(site);
  await page.goto(
    `${server.url}embed.html?seed=42&lr=nonsense&batch_size=1e18&view=loss,nowhere&theme=dark&lang=zh-CN&__proto__=1&id=<b>&origins=null#epochs=2&data=moon`,
  );
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  const notices = page.locator('[role=status]').filter({ hasText: '部分设置' });
  await expect(notices).toHaveCount(1);
  for (const name of ['lr', 'view', '__proto__', 'id', 'origins']) await expect(notices).toContainText(name);
  await expect(notices).toContainText('…'); // data too: five are named
  // What its few rows cut, and may give back, the lab says.
  await expect(notices).not.toContainText('batch_size');
  await expect(page.locator('linreg-lab .link-notice')).toHaveText('过大的值已改为允许的最大值：batch_size = 1000。');
  expect(await page.locator('linreg-lab').evaluate((lab) => [...lab.attributes].map(({ name, value }) => `${name}=${value}`).sort())).toEqual([
    'batch_size=1000000000000000000', 'epochs=2', 'lang=zh-CN', 'seed=42', 'theme=dark', 'view=loss',
  ]); // prettier-ignore
  expect(await page.locator('linreg-lab').evaluate(({ lab }) => lab.options.batch_size)).toBe(1000); // clamped
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(21, 24, 28)');
  await page.evaluate(() => (location.hash = '#epochs=3'));
  await expect.poll(() => page.locator('linreg-lab').evaluate(({ lab }) => lab.options.epochs)).toBe(3);
  await page.evaluate(() => (location.hash = '#lr=0.1'));
  await expect.poll(() => page.locator('linreg-lab').evaluate(({ lab }) => lab.options.lr)).toBe(0.1);
  const attributes = page.locator('linreg-lab').evaluate((lab) => lab.getAttributeNames());
  expect(await attributes, 'what the hash says no more is gone').not.toContain('epochs');
});

test('lists may be empty, and flags say true or false as attributes do', async ({ page, serve }) => {
  const server = await serve(site);
  await page.goto(`${server.url}embed.html?seed=42&view=&hide=&readonly=False&autoplay=false`);
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  await expect(page.locator('body > .link-notice')).toBeEmpty();
  const read = () => page.locator('linreg-lab').evaluate(({ view, hide, lab }) => ({ view, hide, locked: lab.locked }));
  expect(await read()).toEqual({ view: ['loss', 'fit'], hide: [], locked: false });
  await page.evaluate(() => (location.hash = '#readonly=true&autoplay=false&hide=seed'));
  await expect.poll(read).toEqual({ view: ['loss', 'fit'], hide: ['seed'], locked: true });
});

test('a megabyte of address is refused in one notice', async ({ page, serve }) => {
  const server = await serve(site);
  await page.goto(`${server.url}embed.html?seed=42#${'a=%zz&'.repeat(180_000)}`);
  await runLab(page);
  await expect(page.locator('body > .link-notice')).toContainText('Some settings could not be used');
});

test.describe('in a sandbox', () => {
  test.use({ allowed: /can escape its sandboxing/ }); // which Chromium says of the second
  for (const sandbox of ['allow-scripts', 'allow-scripts allow-same-origin', 'allow-scripts allow-downloads'])
    test(`it runs under sandbox="${sandbox}"`, async ({ page, serve }) => {
      const headers = { 'access-control-allow-origin': '*' };
      const body = () => frame('embed.html?seed=42', `sandbox="${sandbox}"`) + hostScript;
      const server = await serveWithHost(serve, body, { headers });
      await page.goto(`${server.url}host.html`);
      await runLab(page.frames()[1]);
      await expect.poll(async () => (await heights(page)).outer === (await heights(page)).inner).toBe(true);
    });
});

test.describe('in a sandbox', () => {
  test.use({ allowed: /Download is disallowed|Clipboard|clipboard/ });
  for (const may of [false, true])
    test(`files ${may ? 'come where downloads are allowed' : 'that may not come are told of'}, and lines are copied`, async ({ page, serve }) => {
      const sandbox = `allow-scripts${may ? ' allow-downloads' : ''}`;
      const body = () => frame('embed.html?seed=42', `sandbox="${sandbox}" height="1200"`);
      const server = await serveWithHost(serve, body, { headers: { 'access-control-allow-origin': '*' } });
      await page.goto(`${server.url}host.html`);
      const lab = page.frames()[1];
      await runLab(lab);
      await lab.locator('#chart-loss summary').click();
      const download = page.waitForEvent('download', { timeout: may ? 10_000 : 1000 }).catch(() => undefined);
      await lab.locator('#chart-loss [data-save=csv]').click();
      expect((await download)?.suggestedFilename()).toBe(may ? 'linreg-loss.csv' : undefined);
      await expect(lab.locator('#chart-loss .saved')).toContainText('If no file came, this frame may not save any');
      await lab.locator('#embed-button').click();
      await lab.locator('#embed .copy').click();
      await expect(lab.locator('#embed .copy')).toHaveText('Copied');
    }); // prettier-ignore
});

test.describe('in a sandbox, without an engine', () => {
  test.use({ allowed: /404|preload/ });
  test('the link to the lesson opens in the frame, and keeps the settings', async ({ page, serve }) => {
    const body = () => frame('embed.html?seed=123&amp;lr=0.1', 'sandbox="allow-scripts" height="900"');
    const server = await serve(site, {
      headers: { 'access-control-allow-origin': '*' },
      answer: (path, response) => {
        if (path.endsWith('.wasm')) response.writeHead(404).end();
        else if (path === '/host.html') response.setHeader('content-type', 'text/html').end(body());
        return response.writableEnded;
      },
    });
    await page.goto(`${server.url}host.html`);
    const lab = page.frames()[1];
    await lab.getByRole('link', { name: 'The whole lesson in one file' }).click();
    await expect(lab.locator('.transport')).toHaveAttribute('data-status', 'ready');
    expect(await lab.locator('linreg-lab').evaluate(({ lab }) => lab.options)).toMatchObject({ seed: 123, lr: 0.1 });
  });
});

test('the picture for want of scripts is not loaded where they run', async ({ page, serve }) => {
  const server = await serve(site);
  await page.goto(`${server.url}embed.html?seed=42`);
  await runLab(page);
  expect(server.requests.filter((path) => path.endsWith('.png'))).toEqual([]);
});

test.describe('a server that says nothing of other origins', () => {
  test.use({ allowed: /CORS|ERR_FAILED|was preloaded using link preload but not used/ });
  test('an opaque frame says what is missing, and the one file runs there', async ({ page, serve }) => {
    const server = await serveWithHost(serve, () =>
      frame(
        'embed.html?seed=123&amp;view=loss&amp;readonly#lr=0.1&amp;lang=en',
        'sandbox="allow-scripts" height="900"',
      ),
    );
    await page.goto(`${server.url}host.html`);
    const lab = page.frames()[1];
    await expect(lab.getByText('were not allowed to load')).toBeVisible();
    const picture = lab.getByRole('img', { name: 'linreg-lab' });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate(({ naturalWidth }) => naturalWidth)).toBeGreaterThan(500);
    await lab.getByRole('link', { name: 'The whole lesson in one file' }).click();
    await expect(lab.locator('.transport')).toHaveAttribute('data-status', 'ready');
    await expect(lab.locator('.link-notice')).toBeEmpty();
    expect(await lab.locator('linreg-lab').evaluate(({ lab }) => lab.options)).toMatchObject({ seed: 123, lr: 0.1 });
    await lab.locator('#speed').selectOption('fast');
    await lab.locator('[data-action=toggle]').click();
    await expect(lab.locator('#output-train')).toContainText('epoch 3, loss');
  });
});

test('off-screen, in a frame of another site, a run still ends', async ({ page, serve }) => {
  const lab = await serve(site, { headers: { 'access-control-allow-origin': '*' } });
  const src = `${lab.url.replace('localhost', '127.0.0.1')}embed.html?seed=42`;
  const host = await serveWithHost(
    serve,
    () => `<p style="height: 5000px">far above</p>${frame(src, 'loading="eager" height="700"')}`,
  );
  await page.goto(`${host.url}host.html`);
  const frameOfLab = page.frames()[1];
  await expect(frameOfLab.locator('.transport')).toHaveAttribute('data-status', 'ready');
  const lines = await frameOfLab.evaluate(async () =>
    (await document.querySelector('linreg-lab').train()).log.join('\n'),
  );
  expect(lines).toBe(pytorchLines(42));
});
