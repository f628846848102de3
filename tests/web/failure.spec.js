// When the engine cannot be had, the page says so, and a second try works.
import {
  button,
  drawn,
  expect,
  expectAccessible,
  open,
  output,
  pytorch,
  runToEnd,
  settled,
  test,
  transport,
} from './support.js';

/** What is no module is refused in tests/wasm/load.test.js. @type {[string, (route: import('@playwright/test').Route) => Promise<void>][]} */
const failures = [
  ['missing', (route) => route.fulfill({ status: 404, body: 'not found' })],
  ['refused', (route) => route.abort()],
];

for (const [what, answer] of failures) {
  test.describe(`the wasm is ${what}`, () => {
    test.use({ allowed: /Failed to load resource/ });
    test('message, and Retry works', async ({ page }) => {
      await page.route('**/*.wasm', answer);
      await page.goto('/#seed=42');
      const failed = page.locator('.failed');
      await expect(failed).toBeVisible();
      await expect(failed).toHaveAttribute('role', 'alert');
      await expect(failed).toContainText('The training engine could not be loaded');
      await expect(failed.locator('.cause')).toHaveText(/.; check the connection and the address of the file, and /);
      await expect(button(page, 'toggle')).toHaveAttribute('aria-disabled', 'true');
      await expect(page.locator('css:light=#option-lr')).toBeDisabled();
      if (what === 'missing') await expectAccessible(page);
      // Again in vain, then with success.
      await failed.getByRole('button', { name: 'Retry' }).click();
      await expect(failed).toContainText('could not be loaded');
      await page.unroute('**/*.wasm');
      await failed.getByRole('button', { name: 'Retry' }).click();
      await expect(transport(page)).toHaveAttribute('data-status', 'ready');
      await expect(failed).toBeEmpty();
      await runToEnd(page);
      await expect(output(page, 'train')).toHaveText(pytorch('notebook, seed 42').lines.join('\n'));
    });
  });
}

test.describe('the engine is long in coming, and then refused', () => {
  test.use({ allowed: /Failed to load resource/ });
  test('until then no picture is drawn; then axes are, without a run', async ({ page }) => {
    /** @type {() => void} */ let refuse = () => {};
    const refused = new Promise((resolve) => (refuse = () => resolve(undefined)));
    await page.route('**/*.wasm', async (route) => {
      await refused;
      await route.abort();
    });
    await page.goto('/#seed=42');
    const picture = page.locator('#chart-loss canvas.plot');
    const isDrawn = () =>
      picture.evaluate((/** @type {HTMLCanvasElement} */ canvas) => {
        const empty = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
        return canvas.toDataURL() !== empty.toDataURL();
      });
    await expect(transport(page)).toHaveAttribute('data-status', 'loading');
    await drawn(page);
    expect(await isDrawn()).toBe(false);
    refuse();
    await expect(page.locator('.failed')).toContainText('could not be loaded');
    await expect.poll(isDrawn).toBe(true);
    await expect(page.locator('#chart-loss .summary')).toHaveText('No step has been taken yet.');
  });
});

test.describe('the engine’s script is missing', () => {
  test.use({ allowed: /Failed to load resource/ });
  test('message with Retry', async ({ page }) => {
    await page.route('**/linreg-*.js', (route) => route.abort());
    await page.goto('/#seed=42');
    await expect(page.locator('.failed')).toContainText('could not be loaded');
    await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible();
  });
});

/** Presses a button, and lets the engine's next call trap: the one that the button makes, or the one that draws what it made. */
const traps = {
  'in a step': () => {
    globalThis.trapNext = true;
    document.querySelector('linreg-lab').shadowRoot.querySelector('[data-action=step_batch]').click();
  },
  'in drawing': () => {
    document.querySelector('linreg-lab').shadowRoot.querySelector('[data-action=step_batch]').click();
    globalThis.trapNext = true;
  },
};
for (const [where, trap] of Object.entries(traps))
  test(`an instance that traps ${where} is given up, and a fresh one goes on`, async ({ page }) => {
    // The browser's own table of wasm functions, whose entries trap when told to.
    await page.addInitScript(() => {
      const instantiate = WebAssembly.instantiate;
      Object.assign(WebAssembly, {
        instantiate: async (...given) => {
          const { exports } = await instantiate(...given);
          const wrapped = Object.entries(exports).map(([name, value]) => [
            name,
            value instanceof WebAssembly.Table ? trapping(value) : value,
          ]);
          return { exports: Object.fromEntries(wrapped) };
        },
      });
      const trapping = (table) => ({
        get: (index) => {
          const call = table.get(index);
          return (...given) => {
            if (globalThis.trapNext) {
              globalThis.trapNext = false;
              throw new WebAssembly.RuntimeError('unreachable');
            }
            return call(...given);
          };
        },
      });
    });
    await open(page);
    await button(page, 'step_batch').click();
    await settled(page);
    await page.evaluate(trap);
    await expect(page.locator('.failed')).toContainText('The training engine stopped unexpectedly');
    await expect(button(page, 'step_batch')).toHaveAttribute('aria-disabled', 'true');
    if (where === 'in a step') await expectAccessible(page);
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(page.locator('.failed')).toBeEmpty();
    await runToEnd(page);
    await expect(output(page, 'train')).toHaveText(pytorch('notebook, seed 42').lines.join('\n'));
  });

test('a wrong MIME type does not matter', async ({ page }) => {
  await page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { 'content-type': 'text/plain' } });
  });
  await open(page);
});

test('the failure is told in Chinese', async ({ page }) => {
  await page.route('**/*.wasm', (route) => route.fulfill({ body: '' }));
  await page.goto('/#seed=42&lang=zh-CN');
  await expect(page.locator('.failed')).toContainText('训练引擎未能加载');
  await expect(page.locator('.failed .cause')).toHaveText(
    /^该文件不是此环境能运行的模块（.*）；请检查网络连接和文件地址，然后重试$/,
  );
  await expect(page.getByRole('button', { name: '重试' })).toBeVisible();
});
