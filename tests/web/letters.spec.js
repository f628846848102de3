// Letters as large as the reader wants them: nothing is cut off, and those in pictures grow with the rest.
import { drawn, expect, open, settled, test, transport } from './support.js';
import { expectNoSidewaysScroll } from './views-support.js';

for (const [where, hash] of [
  ['/', '#seed=42&data=cars'],
  ['/embed.html?view=loss,fit,parameters', '#seed=42&lang=zh-CN'],
])
  test(`with letters twice as large the page does not scroll sideways, ${where}${hash}`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.goto(where + hash);
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await expect(transport(page)).toHaveAttribute('data-status', 'ready');
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await settled(page);
      await expectNoSidewaysScroll(page);
    }
  });

test('with large letters choices and switches are as high as their words, in both languages', async ({ page }) => {
  await open(page, '#seed=42&loss=huber');
  await page.evaluate(() => (document.documentElement.style.fontSize = '32px'));
  await page.locator('linreg-lab').evaluate((lab) => lab.setAttribute('view', 'loss,code,microscope'));
  for (const language of ['en', 'zh-CN']) {
    await page.locator('#language').selectOption(language);
    await expect(page.locator('.lab')).toHaveAttribute('lang', language);
    await settled(page);
    const { seen, cut } = await page.locator('.value, .phases .name').evaluateAll((values) => {
      const seen = values.filter((value) => value.checkVisibility() && value.clientHeight > 0);
      const isCut = (value) =>
        value.scrollHeight > value.clientHeight + 1 ||
        (value.matches('.name') && value.scrollWidth > value.clientWidth + 1);
      const told = ({ scrollHeight, clientHeight, id, textContent }) =>
        `${id || textContent}: ${scrollHeight} in ${clientHeight}`;
      return { seen: seen.map(({ className }) => className), cut: seen.filter(isCut).map(told) };
    });
    expect(seen.filter((name) => name === 'name')).toHaveLength(5); // of the phases
    expect(seen.length).toBeGreaterThan(30);
    expect(cut, language).toEqual([]);
  }
});

test('with large letters those in pictures are large too, and a pointer still reads what is under it', async ({
  page,
}) => {
  await open(page, '#seed=42&step=300');
  await expect(page.locator('.position')).toContainText('Step 300');
  const plot = page.locator('#chart-loss canvas');
  const under = async () => {
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await drawn(page);
    return Number((await page.locator('#chart-loss .summary').innerText()).match(/^Step (\d+)/)?.[1]);
  };
  /** Rows of pixels with something of the axis' name in them, which stands at the top left. */
  const letters = () =>
    plot.evaluate((canvas) => {
      const [width, height] = [30, 24 * Math.round(canvas.clientHeight / 256)];
      const copy = Object.assign(document.createElement('canvas'), { width, height });
      const paint = copy.getContext('2d', { willReadFrequently: true });
      paint.drawImage(canvas, 0, 0);
      const { data } = paint.getImageData(0, 0, width, height);
      const rows = new Set();
      for (let i = 3; i < data.length; i += 4) if (Number(data[i]) > 60) rows.add(Math.floor(i / 4 / width));
      return rows.size;
    });
  await plot.scrollIntoViewIfNeeded();
  const [step, size] = [await under(), await letters()];
  await page.evaluate(() => (document.documentElement.style.fontSize = '32px'));
  await plot.scrollIntoViewIfNeeded();
  await settled(page);
  expect(Math.abs((await under()) - step)).toBeLessThan(20);
  expect((await letters()) / size).toBeGreaterThan(1.7);
});
