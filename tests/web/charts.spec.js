// A chart’s place: its open table, fingers on it, and the screen that it is on.
import { button, expect, open, pictureOf, test } from './support.js';
import { chart, said, stage } from './views-support.js';

test('an open table keeps its cells and writes only what a step changes', async ({ page }) => {
  await open(page, '#seed=42&n=50');
  for (const name of /** @type {const} */ (['fit', 'loss']))
    await chart(page, name).locator('.numbers > summary').click();
  const cells = chart(page, 'fit').locator('tbody td');
  await expect(cells).toHaveCount(200);
  await cells.evaluateAll((all) => {
    const changed = { made: 0, written: /** @type {Node[]} */ ([]) };
    Object.assign(globalThis, { changed });
    new MutationObserver((records) => {
      for (const { type, target } of records) {
        if (type === 'childList') changed.made += 1;
        else changed.written.push(target);
      }
    }).observe(/** @type {Node} */ (all[0]?.closest('table')), { childList: true, characterData: true, subtree: true });
  });
  const predicted = () => cells.nth(2).textContent();
  const before = await predicted();
  await button(page, 'step_batch').click();
  await expect.poll(predicted).not.toBe(before);
  const rows = chart(page, 'loss').locator('tbody tr');
  await expect(rows).toHaveCount(1);
  await expect(rows).toHaveText(/^1minibatch/);
  const { made, written } = await page.evaluate(() => {
    const { changed } = /** @type {any} */ (globalThis);
    return { made: changed.made, written: changed.written.length };
  });
  expect(made).toBe(0);
  expect(written).toBe(100); // predictions and residuals; rows and labels stay
  // As many rows as there are, forwards and back.
  await button(page, 'step_epoch').click();
  await expect(rows).toHaveCount(6);
  await button(page, 'reset').click();
  await expect(rows).toHaveCount(0);
  await expect.poll(predicted).toBe(before);
});

test('a finger that is lifted leaves alone what another pointer holds', async ({ page }) => {
  await open(page, '#seed=1&true_w=2,3&n=40&step=2');
  await stage(page, 'fit').scrollIntoViewIfNeeded();
  const box = await stage(page, 'fit').boundingBox();
  if (!box) throw new Error('no box');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const picture = () => pictureOf(stage(page, 'fit').locator('canvas'));
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 30, y);
  for (const type of ['pointerup', 'pointercancel'])
    await stage(page, 'fit').dispatchEvent(type, { pointerType: 'touch', pointerId: 99, isPrimary: false });
  const before = await picture();
  const read = await said(page, 'fit').innerText();
  await page.mouse.move(x + 90, y);
  await expect.poll(picture).not.toBe(before);
  await expect(said(page, 'fit')).toHaveText(read); // it is turned, and no other place read
  await page.mouse.up();
});

test('on a screen of other pixels pictures are drawn anew', async ({ page }) => {
  await open(page, '#seed=42');
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 720 };
  const ratio = () =>
    chart(page, 'loss')
      .locator('.plot')
      .evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).width / canvas.clientWidth);
  for (const deviceScaleFactor of [2, 3, 1]) {
    // An emulated screen tells its queries only with another size; that of the pictures is as wide as the window.
    const screen = { width, height: height - deviceScaleFactor, deviceScaleFactor, mobile: false };
    await session.send('Emulation.setDeviceMetricsOverride', screen);
    await expect.poll(ratio).toBe(deviceScaleFactor);
  }
});
