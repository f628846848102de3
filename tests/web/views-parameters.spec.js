// The view of the parameters: its cursor, its keys, its choices and what it says.
import { button, drawn, expect, expectAccessible, runToEnd, settled, test } from './support.js';
import { meanSquare } from '../support/mean_square.js';
import { expectNoSidewaysScroll, list, openView, trainerOf } from './views-support.js';

/** @import { Page } from '@playwright/test' */

/** What the cursor reads. @param {Page} page */
async function reading(page) {
  const text = await page.locator('#chart-parameters .summary').innerText();
  const [x, y, loss] = [...text.matchAll(/(?:= |loss |损失 )(-?[\d.]+(?:e-?\d+)?)/g)].map(([, number]) =>
    Number(number),
  );
  return { text, x, y, loss };
}

test('the cursor reads the loss by keys, and keys zoom', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42');
  await button(page, 'step_batch').click();
  await settled(page);
  await expect(view.locator('.summary')).toHaveText(
    /^After step 1, w x1 = 0\.1\d+ and w x2 = -0\.0\d+; the loss of all data is \d/,
  );
  await page.waitForTimeout(1000);
  await view.locator('.stage').focus();
  const { optimum } = await trainerOf(page);
  const data = await page.locator('linreg-lab').evaluate((element) => {
    const { features, labels, n, d } = /** @type {any} */ (element).lab.trainer.dataset;
    return { features: [...features], labels: [...labels], n, d };
  });
  const seen = [];
  for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(100);
    const { x, y, loss, text } = await reading(page);
    seen.push({ x, y });
    const expected = meanSquare(data, [x, y, optimum.bias]);
    expect(Math.abs(loss - expected), text).toBeLessThan(0.01 * expected);
  }
  expect(seen[1].y).toBeGreaterThan(seen[0].y);
  expect(seen[1].x).toBe(seen[0].x);
  expect(seen[4].y).toBe(seen[1].y);
  expect(seen[5].x).toBe(seen[2].x);
  expect((await trainerOf(page)).step_count).toBe(1); // the lab's own keys are left alone

  await page.keyboard.press('o');
  await expect(view.locator('[data-aim=optimum]')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('+');
  await expect(view.locator('[data-aim=optimum]')).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('0');
  await expect(view.locator('[data-aim=path]')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Shift+O'); // as the hint writes it, and with Caps Lock
  await expect(view.locator('[data-aim=optimum]')).toHaveAttribute('aria-pressed', 'true');
});

test('a button zooms in, and the other out again', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&step=150');
  await expect(page.locator('.position')).toContainText('Step 150 of');
  await view.locator('.stage').focus();
  const isRead = (/** @type {string} */ text) => !text.startsWith('After step'); // else it is the summary
  /** What the cursor reads once the window stands. While that is on its way there is nothing to read, and a key moves nothing. */
  const still = async () => {
    let last = '';
    const stands = async () => {
      const { text } = await reading(page);
      const isSame = text === last && isRead(text);
      last = text;
      return isSame;
    };
    await expect.poll(stands, { intervals: [300] }).toBe(true);
    return reading(page);
  };
  /** How far one key moves the cursor: a share of the window. */
  const stride = async () => {
    const placed = async () => {
      if (isRead((await reading(page)).text)) return true;
      await page.keyboard.press('ArrowRight');
      return false;
    };
    await expect.poll(placed, { intervals: [300] }).toBe(true);
    const { x } = await still();
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await reading(page)).x).not.toBe(x);
    const { x: further } = await still();
    return further - x;
  };
  const zoom = async (/** @type {string} */ name) => {
    await view.locator(`[data-zoom=${name}]`).click();
    await view.locator('.stage').focus();
    return stride();
  };
  const before = await stride();
  const nearer = await zoom('zoom_in');
  const back = await zoom('zoom_out');
  expect(nearer).toBeLessThan(0.8 * before);
  expect(back).toBeGreaterThan(1.2 * nearer);
});

test('what the cursor reads stays under it while one zooms', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&step=150');
  await expect(page.locator('.position')).toContainText('Step 150 of');
  await view.locator('.stage').focus();
  const { optimum } = await trainerOf(page);
  for (let i = 0; i < 4; ++i) await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(300);
  const before = await reading(page);
  for (const key of ['+', '+', '+', '-', '+']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(900);
    const { x, y, text } = await reading(page);
    expect(Math.abs(x - before.x) + Math.abs(y - before.y), `${key}: ${before.text}, then ${text}`).toBeLessThan(0.08);
  }
  await page.keyboard.press('o');
  await page.waitForTimeout(900);
  expect(Math.abs((await reading(page)).x - optimum.weight[0])).toBeLessThan(2);
});

test('while the window moves the picture keeps its keys', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&step=150');
  await expect(page.locator('.position')).toContainText('Step 150 of');
  await view.locator('.stage').focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowLeft']) {
    await page.evaluate((pressed) => {
      const stage = document.querySelector('linreg-lab').shadowRoot.querySelector('.stage');
      for (const name of ['+', pressed])
        stage.dispatchEvent(
          new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true, cancelable: true }),
        );
    }, key);
    await drawn(page);
    expect((await trainerOf(page)).step_count).toBe(150);
  }
});

test('any two of several parameters, the others as they are now', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&true_w=1,2,3');
  await button(page, 'step_epoch').click();
  await view.getByLabel('Vertical').selectOption('b');
  await expect(view.locator('canvas.plot')).toHaveAttribute('aria-label', /over w x1 and b/);
  await view.getByLabel('Horizontal').selectOption('b');
  await expect(view.locator('canvas.plot')).toHaveAttribute('aria-label', /over b and w x1/);
  await page.locator('linreg-lab').evaluate((element) => {
    const { trainer } = /** @type {any} */ (element).lab;
    const { lossSurface } = trainer;
    trainer.lossSurface = (/** @type {{ at: string }} */ plane) => {
      Object.assign(globalThis, { through: plane.at });
      return lossSurface.call(trainer, plane);
    };
  });
  await view.getByLabel('The others').selectOption('now');
  await expect.poll(() => page.evaluate('globalThis.through')).toBe('now');
  await settled(page);
  await expect(view.locator('.valley-note')).toContainText('up to');
  await view.locator('.numbers > summary').click();
  const { history, weight, bias } = await trainerOf(page);
  await expect(view.locator('.numbers tbody tr')).toHaveCount(history.path.steps.length);
  const last = (await view.locator('.numbers tbody tr').last().innerText()).split(/\s+/).map(Number);
  expect(last[0]).toBe(100);
  expect(last[1]).toBeCloseTo(bias, 4);
  expect(last[2]).toBeCloseTo(weight[0], 4);
  expect(list({ weight, bias })).toHaveLength(4);
});

test('a rate that is too large has a bar that is too long', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&lr=1.2');
  await expect(view.locator('.valley-note')).toContainText('longer than the valley is wide');
  // Not that of the plane, 0.958, which is steeper in a direction that is not in it.
  await expect(view.locator('.valley-note')).toContainText('The largest stable rate is 0.955.');
  await runToEnd(page, 'diverged');
  expect(await view.innerText()).not.toMatch(/NaN|undefined|Infinity/);
});

for (const [hash, text] of /** @type {const} */ ([
  // Of the plane that is shown, which here is flatter than the direction of the second weight.
  [
    '#data=valley&seed=42&lr=0.1',
    /as it does up to 0\.999\. But in a direction .* the largest stable rate is 0\.03\.$/,
  ],
  // A sum's step is on a minibatch, as far as which rates are stable is concerned.
  ['#seed=42&noise=1&reduction=sum&lr=0.003', /At lr 0\.003 it fits, as it does up to 0\.09\d*\.$/],
  ['#seed=42&lr=0', /The bar grows with the learning rate\.$/],
  ['#seed=42&weight_decay=10&lr=0.1', /At lr 0\.1 it fits, as it does up to 0\.1\d+\. Weight decay draws/],
]))
  test(`what is said of the valley is true of the plane and of the steps: ${hash}`, async ({ page }) => {
    const view = await openView(page, 'parameters', hash);
    if (hash.includes('valley')) await view.getByLabel('Vertical').selectOption('b');
    await expect(view.locator('.valley-note')).toHaveText(text);
  });

test('the path is named after its optimizer', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&optimizer=adam');
  await expect(view.locator('.legend')).toContainText('path of Adam');
});

test('fewer features than there were when the axes were chosen', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&true_w=1,2,3,4');
  await view.locator('select').nth(0).selectOption('b');
  await view.locator('select').nth(1).selectOption('w x4');
  await settled(page);
  await page.locator('linreg-lab').evaluate((/** @type {any} */ { lab }) => lab.change('true_w', '2'));
  await settled(page);
  expect(await view.locator('select').nth(0).locator('option').allTextContents()).toEqual(['w x1', 'b']);
  await expect(view.locator('.summary')).toContainText('w x1');
});

for (const lang of ['en', 'zh-CN']) {
  test(`on a phone, in ${lang}, with less motion`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const view = await openView(page, 'parameters', `#seed=42&lang=${lang}`);
    await button(page, 'step_epoch').click();
    await settled(page);
    await view.locator('[data-aim=optimum]').click();
    await settled(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, { within: 'linreg-lab' });
    const boxes = [];
    for (const one of await view.locator('button:visible, select:visible').all()) boxes.push(await one.boundingBox());
    expect(boxes.length).toBeGreaterThan(5);
    for (const box of boxes) expect(box?.height).toBeGreaterThanOrEqual(44);
  });
}

test('the loss that is told is that of the loss function of now', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&n=40&noise=0.5');
  await button(page, 'step_batch').click();
  const told = async () => {
    await settled(page);
    const text = await view.locator('.summary').innerText();
    const loss = await page
      .locator('linreg-lab')
      .evaluate((element) => /** @type {any} */ (element).lab.trainer.loss());
    return { text, loss };
  };
  for (const loss of ['l1', 'mse']) {
    await page.locator('.lab #option-loss').selectOption(loss);
    await expect(async () => {
      const { text, loss } = await told();
      const shown = Number(/the loss of all data is ([\d.e-]+\d)/.exec(text)?.[1]);
      expect(Math.abs(shown / loss - 1)).toBeLessThan(0.01);
    }).toPass({ timeout: 5000 });
  }
});

test('of standardized data it says whose parameters these are', async ({ page }) => {
  const view = await openView(page, 'parameters', '#seed=42&data=cars');
  await expect(view.locator('.valley-note')).toContainText('These are the parameters of the standardized columns');
  await page.locator('.lab .group.data > summary').click();
  await page.locator('.lab #option-standardize').uncheck();
  await expect(view.locator('.valley-note')).not.toContainText('standardized');
});

test('the picture is of one run, also where what it is made of is shown in turns', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' }); // the window is where it should be at once
  await openView(page, 'parameters', '#seed=42');
  const seen = await page.locator('linreg-lab').evaluate(async (element) => {
    const { lab } = /** @type {any} */ (element);
    const wait = () => {
      for (const from = performance.now(); performance.now() - from < 20;);
    };
    for (let i = 0; i < 4; ++i) lab.watch('settings', () => wait(), new AbortController().signal);
    const plot = /** @type {HTMLCanvasElement} */ (element.shadowRoot?.querySelector('#chart-parameters .plot'));
    const pictures = [plot.toDataURL()];
    lab.change('true_w', '5,1');
    for (let after = 0; after < 5; after += lab.isShown ? 1 : 0) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve));
      pictures.push(plot.toDataURL());
    }
    return new Set(pictures).size;
  });
  expect(seen).toBe(2);
});
