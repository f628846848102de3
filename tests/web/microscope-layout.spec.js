// Where the microscope's table and formulas stand, and what of them is in sight.
import { expect, expectAccessible, settled, test } from './support.js';
import { expectNoSidewaysScroll, openView, phase, phases, trainerOf } from './views-support.js';

test('a heading over the columns that each phase fills; on a phone they come into sight with it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const view = await openView(page, 'microscope', '#seed=42');
  const scroller = view.locator('.scroller.rows');
  await page.emulateMedia({ reducedMotion: 'reduce' }); // it is there at once
  for (const [name, first, last] of /** @type {const} */ ([
    ['draw', 1, 3],
    ['forward', 4, 6],
    ['backward', 7, 9],
  ])) {
    const heading = view.locator(`.minibatch .group.${name}`);
    await expect(heading).toBeVisible();
    for (;;) {
      await view.locator('[aria-current=step]').click();
      await settled(page);
      if ((await trainerOf(page)).phase === name) break;
    }
    const place = await heading.evaluate((cell) => {
      const { left, right } = cell.getBoundingClientRect();
      return [left, right];
    });
    const columns = view.locator('.minibatch thead tr').last().locator('th');
    const ends = [await columns.nth(first).boundingBox(), await columns.nth(last).boundingBox()];
    expect(place[0]).toBeCloseTo(Number(ends[0]?.x), 0);
    expect(place[1]).toBeCloseTo(Number(ends[1]?.x) + Number(ends[1]?.width), 0);
    const box = await scroller.boundingBox();
    const side = await columns.first().boundingBox();
    // The first column stays; the others begin beside it, or the table is at its end.
    const isAtEnd = await scroller.evaluate(
      (element) => element.scrollLeft + element.clientWidth >= element.scrollWidth - 1,
    );
    const start = Number(side?.x) + Number(side?.width);
    if (isAtEnd) expect(place[0]).toBeGreaterThanOrEqual(start - 1);
    else expect(place[0]).toBeCloseTo(start, 0);
    expect(place[0]).toBeLessThan(Number(box?.x) + Number(box?.width) - 40);
  }
});

for (const lang of ['en', 'zh-CN']) {
  test(`on a phone, in ${lang}: everything within the page, and accessible`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    const view = await openView(page, 'microscope', `#seed=42&lang=${lang}&optimizer=adam`);
    await expectAccessible(page, { within: 'linreg-lab' });
    await phase(page, 'forward').click();
    await expectNoSidewaysScroll(page);
    await phase(page, 'step').click();
    await settled(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, { within: 'linreg-lab' });
    for (const name of phases) {
      const box = await phase(page, name).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      expect(box?.width).toBeGreaterThanOrEqual(44);
    }
    await expect(view.locator('h3')).toHaveText(lang === 'en' ? 'Microscope' : '显微镜');
  });
}

for (const [d, width] of [
  [2, 1024],
  [3, 800],
  [4, 1280],
  [6, 1024],
])
  test(`what the formulas come to is in sight, ${d} features, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    const weights = Array.from({ length: d }, (_, j) => 2 - j);
    await page.goto(`/embed.html?view=microscope#seed=42&true_w=${weights}&step=20`);
    await settled(page);
    const out = await page.locator('.formulas.long').evaluate((formulas) => {
      const { right } = /** @type {Element} */ (formulas.parentElement).getBoundingClientRect();
      const results = [...formulas.querySelectorAll('.formula > span:last-child > *')];
      return results.map((result) => result.getBoundingClientRect().right - right);
    });
    expect(out).toHaveLength(4);
    expect(Math.max(...out)).toBeLessThanOrEqual(0);
  });

test('on a phone the columns of a phase begin where the numbers of the rows end', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const view = await openView(page, 'microscope', '#seed=42');
  for (const name of ['draw', 'forward', 'zero_grad', 'backward']) {
    await phase(page, name).click();
    await settled(page);
    if (name === 'zero_grad') continue;
    await page.waitForTimeout(700); // it scrolls smoothly
    const [rows, group] = await view.locator('table.minibatch').evaluate((table, of) => {
      const edge = (/** @type {string} */ selector) =>
        /** @type {Element} */ (table.querySelector(selector)).getBoundingClientRect();
      return [edge('tbody th').right, edge(`.group.${of}`).left];
    }, name);
    expect(Math.abs(rows - group), name).toBeLessThan(2);
  }
});

test('the headings of very many columns stay in sight', async ({ page }) => {
  const weights = Array.from({ length: 60 }, (_, j) => j / 10);
  await page.goto(`/embed.html?view=microscope#seed=42&true_w=${weights}&step=20`);
  await settled(page);
  await page.locator('.scroller.rows').evaluate((element) => (element.scrollLeft = 1000));
  await expect(page.locator('.minibatch .group.draw > span')).toBeInViewport({ ratio: 1 });
});
