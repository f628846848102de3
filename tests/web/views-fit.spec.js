// The fit under a reader's hands: points that are moved by mouse, finger, keys and buttons, and a space that is turned.
import { sample } from '../../web/src/lab/views/picture.js';
import { mostPoints } from '../../web/src/lab/views/prediction.js';
import { button, control, enter, expect, link, open, settled, test } from './support.js';
import { bare } from './bare-page.js';
import { chart, pixels, said, showSweep, stage } from './views-support.js';

/** @import { Page } from '@playwright/test' */

test('a point is dragged by mouse: the data become the reader’s own, and come back', async ({ page }) => {
  await open(page, '#seed=1&true_w=2&n=20&noise=1');
  await button(page, 'step_epoch').click();
  await settled(page);
  const original = await pixels(page, 'fit');
  const spot = await findPoint(page);
  const read = async () => /^(Row \d+): .*, y = (-?[\d.]+)\./.exec((await said(page, 'fit').textContent()) ?? '') ?? [];
  await expect.poll(async () => (await read()).length).toBe(3); // the pointer is on it, but what it reads is drawn in a frame
  const [, row, y] = await read();
  await page.mouse.down();
  await page.mouse.move(spot.x, spot.y - 20, { steps: 4 });
  await page.mouse.move(spot.x, spot.y - 60, { steps: 4 });
  await page.mouse.up();
  await expect(page.locator('.edited')).toBeVisible();
  await expect(page.locator('.edited p')).toContainText('A link cannot carry them');
  await settled(page);
  await page.mouse.move(spot.x, spot.y - 59);
  await expect.poll(async () => (await read())[1]).toBe(row);
  expect(Number((await read())[2])).toBeGreaterThan(Number(y) + 0.5);
  await expect(page.locator('.position')).toContainText('Step 2 of 6');
  await expect(control(page, 'true_w')).toHaveValue('2');
  await settled(page);
  expect(await link(page)).toEqual({ seed: '1', true_w: '2', n: '20', noise: '1' });
  await page.locator('[data-action=restore]').click();
  await expect(page.locator('.edited')).toBeHidden();
  await expect(stage(page, 'fit')).toBeFocused(); // the button is gone
  await button(page, 'step_epoch').click();
  await settled(page);
  await page.mouse.move(spot.x, 0);
  await expect.poll(() => pixels(page, 'fit')).toBe(original);
});

test('Escape puts a point back that is in the hand', async ({ page }) => {
  await open(page, '#seed=1&true_w=2&n=20&noise=1');
  const labels = () =>
    page.locator('linreg-lab').evaluate((element) => [.../** @type {any} */ (element).lab.trainer.dataset.labels]);
  const before = await labels();
  const spot = await findPoint(page);
  await page.mouse.down();
  await page.mouse.move(spot.x, spot.y - 60, { steps: 4 });
  await expect.poll(labels).not.toEqual(before);
  await page.keyboard.press('Escape');
  await expect.poll(labels).toEqual(before);
  await page.mouse.move(spot.x, spot.y - 90);
  await page.mouse.up();
  await settled(page);
  expect(await labels()).toEqual(before);
  await expect(page.locator('.edited')).toBeHidden(); // nothing was moved
});

test('of many rows only those that are drawn can be held', async ({ page }) => {
  await open(page, '#seed=1&true_w=2&n=5000&noise=1');
  const drawn = sample(5000, mostPoints);
  const { x, y } = await findPoint(page);
  const seen = new Set();
  for (let i = 0; i < 6; ++i) {
    await page.mouse.click(x + 20 * i, y - 5 * i);
    await settled(page);
    const [, row] = /^Row ([\d,]+):/.exec((await page.locator('.arrows [role=status]').textContent()) ?? '') ?? [];
    seen.add(Number(row?.replace(',', '')));
  }
  expect(seen.size).toBeGreaterThan(3);
  expect(drawn).toEqual(expect.arrayContaining([...seen]));
});

/** Looks for something to hold, as a hand does, and stays there. @param {Page} page */
async function findPoint(page) {
  await stage(page, 'fit').scrollIntoViewIfNeeded();
  const box = await stage(page, 'fit').boundingBox();
  if (!box) throw new Error('no box');
  for (let y = box.y + box.height / 2; y < box.y + box.height - 40; y += 14) {
    for (let x = box.x + 60; x < box.x + box.width - 40; x += 14) {
      await page.mouse.move(x, y);
      if ((await stage(page, 'fit').evaluate((element) => getComputedStyle(element).cursor)) === 'grab')
        return { x, y };
    }
  }
  throw new Error('nothing to hold');
}

/** A finger that is put down somewhere, drawn by so much and lifted. @param {Page} page @param {{ x: number, y: number }} from @param {{ x: number, y: number }} by */
async function swipe(page, from, by) {
  const session = await page.context().newCDPSession(page);
  const touch = (/** @type {'touchStart' | 'touchMove' | 'touchEnd'} */ type, /** @type {number[]} */ ...shares) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: shares.map((share) => ({ x: from.x + share * by.x, y: from.y + share * by.y })),
    });
  await touch('touchStart', 0);
  for (let i = 1; i <= 8; ++i) await touch('touchMove', i / 8);
  await touch('touchEnd');
  await session.detach();
}

test('a finger moves a point only once it has tapped it: else the page could not be scrolled from there', async ({
  page,
}) => {
  await open(page, '#seed=1&true_w=2&n=20&noise=1&step=2');
  await swipe(page, await findPoint(page), { x: 0, y: -40 });
  await settled(page);
  await expect(page.locator('.edited')).toBeHidden();
  await expect(page.locator('.arrows [role=status]')).toHaveText(/^Row \d+/);
  const spot = await findPoint(page);
  await swipe(page, spot, { x: 0, y: 0 });
  await settled(page);
  await expect(page.locator('.edited')).toBeHidden();
  await swipe(page, spot, { x: 0, y: -40 });
  await expect(page.locator('.edited')).toBeVisible();
});

test('a point is chosen and moved by keys', async ({ page }) => {
  await open(page, '#seed=1&true_w=2&n=20&noise=1&step=2');
  await settled(page);
  await stage(page, 'fit').focus();
  await page.keyboard.press('End');
  await expect(said(page, 'fit')).toContainText(/^Row \d+/);
  const value = async () => Number(/, y = (-?[\d.]+)\./.exec((await said(page, 'fit').textContent()) ?? '')?.[1]);
  const row = /^Row \d+/.exec((await said(page, 'fit').textContent()) ?? '')?.[0] ?? '?';
  const before = await value();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.edited')).toBeVisible();
  await expect.poll(value).toBeGreaterThan(before);
  await expect(said(page, 'fit')).toContainText(row);
  await expect(page.locator('.arrows [role=status]')).toHaveText(new RegExp(`^${row}:`));
  await expect(page.locator('.arrows [role=status]')).toHaveAttribute('aria-live', 'off'); // once is enough
  const up = await value();
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(value).toBeLessThan(up);
  expect(await value()).toBeGreaterThan(before);
  await expect(page.locator('.position')).toContainText('Step 2 of 6');
});

test('a point that is clicked is moved by buttons, and a click alone changes nothing', async ({ page }) => {
  await open(page, '#seed=1&true_w=2&n=20&noise=1&step=2');
  const [up, down] = ['up', 'down'].map((way) => page.getByRole('button', { name: `Move the point ${way}` }));
  await expect(up).toBeDisabled();
  await findPoint(page);
  await page.mouse.down();
  await page.mouse.up();
  await expect(up).toBeEnabled();
  await settled(page);
  await expect(page.locator('.edited')).toBeHidden();
  const picked = page.locator('.arrows [role=status]');
  const value = async () => Number(/^Row \d+: .*, y = (-?[\d.]+)\.$/.exec((await picked.textContent()) ?? '')?.[1]);
  const before = await value();
  await up.click();
  await expect.poll(value).toBeGreaterThan(before);
  await expect(picked).toHaveAttribute('aria-live', 'polite'); // it is said nowhere else
  const once = await value();
  await up.click();
  await expect.poll(value).toBeGreaterThan(once);
  const higher = await value();
  await down.click();
  await expect.poll(value).toBeLessThan(higher);
  expect(await value()).toBeGreaterThan(before);
  await page.locator('[data-action=restore]').click();
  await expect(up).toBeDisabled();
});

test('a point that was clicked is no point of other data', async ({ page }) => {
  await open(page, '#seed=1&true_w=2&n=20&noise=1&step=2');
  const up = page.getByRole('button', { name: 'Move the point up' });
  await findPoint(page);
  await page.mouse.down();
  await page.mouse.up();
  await expect(up).toBeEnabled();
  await enter(page, 'lr', '0.1');
  await button(page, 'reset').click();
  await settled(page);
  await expect(up).toBeEnabled();
  await button(page, 'new_seed').click();
  await expect(up).toBeDisabled();
});

test('the space is turned by buttons, and by a finger that is drawn sideways', async ({ page }) => {
  await open(page, '#seed=42&step=5&lang=zh-CN');
  const views = [await pixels(page, 'fit')];
  for (const way of ['左', '右', '右', '上', '下', '下']) {
    await page.getByRole('button', { name: `向${way}转动` }).click();
    await settled(page);
    views.push(await pixels(page, 'fit'));
  }
  expect(views[2]).toBe(views[0]);
  expect(new Set(views).size).toBe(5);
  const box = await stage(page, 'fit').boundingBox();
  if (!box) throw new Error('no box');
  await swipe(page, { x: box.x + 60, y: box.y + 90 }, { x: 120, y: 0 });
  await settled(page);
  expect(views).not.toContain(await pixels(page, 'fit'));
});

test('the space is turned by mouse and by keys; kinds of picture follow the number of features', async ({ page }) => {
  await open(page, '#seed=42&step=5');
  await settled(page);
  const views = [await pixels(page, 'fit')];
  await stage(page, 'fit').scrollIntoViewIfNeeded();
  const box = await stage(page, 'fit').boundingBox();
  if (!box) throw new Error('no box');
  await page.mouse.move(box.x + 100, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 160, box.y + 120, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(box.x, box.y - 50);
  await settled(page);
  views.push(await pixels(page, 'fit'));
  await stage(page, 'fit').focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowUp');
  await settled(page);
  views.push(await pixels(page, 'fit'));
  expect(new Set(views).size).toBe(3);
  await page.keyboard.press('ArrowRight');
  await expect(said(page, 'fit')).toHaveText(/^Row 0: x1 = .*, x2 = .*, y = .*\. Predicted .*, off by /);
  const kinds = () => page.locator('#fit-kind option').allInnerTexts();
  expect(await kinds()).toEqual(['points and plane', 'predicted against actual', 'the part of x1', 'the part of x2']);
  await page.locator('#fit-kind').selectOption('the part of x2');
  await expect(chart(page, 'fit').locator('.plot')).toHaveAttribute('aria-label', /^What x2 adds to y: /);
  await enter(page, 'true_w', '1');
  await expect.poll(kinds).toEqual(['points and line', 'predicted against actual']);
  await settled(page);
});

test('where settings are locked, nothing can be dragged and no sweep opens a run', async ({ page }) => {
  await open(page, '#seed=1&true_w=2&n=20&noise=1');
  await page
    .locator('linreg-lab')
    .evaluate((element) => Object.assign(/** @type {any} */ (element).lab, { locked: true }));
  await stage(page, 'fit').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowUp');
  await expect(said(page, 'fit')).toHaveText(/^Row /);
  await settled(page);
  await expect(page.locator('.edited')).toBeHidden();
  await showSweep(page);
  await page.locator('[data-action=sweep]').click();
  await expect(said(page, 'sweep')).toHaveText(/^Of 12 runs/);
  await stage(page, 'sweep').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(control(page, 'lr')).toHaveValue('0.03');
  await page.locator('.chooser [data-view=microscope]').click();
  await expect(page.getByLabel('Forget zero_grad')).toBeDisabled();
});

test('where settings are locked, the data as they were cannot be had back', async ({ page }) => {
  await bare(page, '<linreg-lab seed="1" true-w="2" n="20" view="fit"></linreg-lab>');
  await page.evaluate(() => {
    const lab = document.querySelector('linreg-lab');
    lab.lab.moveLabel(0, 9);
    lab.readonly = true;
  });
  await expect(page.locator('.edited')).toBeVisible();
  await expect(page.locator('[data-action=restore]')).toBeHidden();
});

/** Holds a point of a lab's fit and has drawn it up by 30 pixels. @param {Page} page */
async function holdPoint(page) {
  await open(page, '#seed=1&true_w=2&n=20&noise=1&step=2');
  const spot = await findPoint(page);
  await page.mouse.down();
  await page.mouse.move(spot.x, spot.y - 30, { steps: 3 });
  return spot;
}

test('a point that is let go and taken again at once is in the hand', async ({ page }) => {
  const spot = await holdPoint(page);
  const moved = () =>
    page.locator('linreg-lab').evaluate((element) => /** @type {any} */ (element).lab.edited?.moved[0]?.[1]);
  await expect.poll(moved).toBeGreaterThan(0);
  const before = await moved();
  await stage(page, 'fit').evaluate(
    (element, { x, y }) => {
      const tell = (/** @type {string} */ type) =>
        element.dispatchEvent(
          new PointerEvent(type, {
            pointerId: 1,
            isPrimary: true,
            button: 0,
            pointerType: 'mouse',
            clientX: x,
            clientY: y,
          }),
        );
      tell('pointerup');
      tell('pointerdown');
    },
    { x: spot.x, y: spot.y - 30 },
  );
  await settled(page);
  await page.mouse.move(spot.x, spot.y - 80, { steps: 3 });
  await page.mouse.up();
  await expect.poll(moved).toBeGreaterThan(before + 0.3);
});

test('where other data come while a point is held, it is let go and they stay as they are', async ({ page }) => {
  const spot = await holdPoint(page);
  await expect(page.locator('.edited')).toBeVisible();
  await page.locator('linreg-lab').evaluate((element) => /** @type {any} */ (element).lab.changeSource('valley'));
  await page.mouse.move(spot.x, spot.y - 60, { steps: 3 });
  await page.mouse.up();
  await settled(page);
  const { source, edited } = await page.locator('linreg-lab').evaluate((element) => {
    const { source, edited } = /** @type {any} */ (element).lab;
    return { source, edited };
  });
  expect([source, edited]).toEqual(['valley', undefined]);
});

test('a lab that is taken away with a point in the hand makes no run any more', async ({ page }) => {
  await page.goto('/embed.html#seed=1&true_w=2&n=20&noise=1&step=2');
  await settled(page);
  const spot = await findPoint(page);
  await page.mouse.down();
  const left = await page.locator('linreg-lab').evaluateHandle((element) => /** @type {any} */ (element).lab);
  await stage(page, 'fit').evaluate((element, { x, y }) => {
    element.dispatchEvent(
      new PointerEvent('pointermove', { pointerId: 1, isPrimary: true, clientX: x, clientY: y - 40 }),
    );
    document.querySelector('linreg-lab')?.remove();
  }, spot);
  await page.waitForTimeout(300); // more than a move that is due takes
  expect(await left.evaluate(({ trainer, source }) => [trainer, source])).toEqual([undefined, 'synthetic']);
});
